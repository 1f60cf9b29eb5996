// Files the person hands over: dropped on the window or chosen in the system's dialog.

import type { Unsubscribe } from '../backend/backend';
import type { Session } from '../session.svelte';
import type { ImportedFile } from '../wire';

export class Imports {
  /** How many files are being read; 0 when none. */
  reading = $state(0);
  /** What came of the last ones; null when the person has seen it. */
  files = $state.raw<ImportedFile[] | null>(null);
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  listen(): Unsubscribe {
    const { backend } = this.#session;
    return backend.onFilesDropped?.((paths) => void this.take(paths)) ?? (() => {});
  }

  async pick(): Promise<void> {
    const { backend } = this.#session;
    try {
      const paths = (await backend.pickFiles?.()) ?? [];
      await this.take(paths);
    } catch (error) {
      this.#session.failed(error);
    }
  }

  async take(paths: string[]): Promise<void> {
    if (paths.length === 0) return;
    this.reading = paths.length;
    const answer = await this.#session.ask('import_files', { paths });
    this.reading = 0;
    if (!answer) return;
    this.files = answer.files;
    this.#session.changed();
  }
}
