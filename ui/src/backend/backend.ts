// What the page may ask of whoever hosts it. The page never asks which host it is: it asks what the host can do.

import type { Commands, Failure, MoneyCame } from '../wire';

export type CommandName = keyof Commands;
export type RequestOf<C extends CommandName> = Commands[C][0];
export type AnswerOf<C extends CommandName> = Commands[C][1];

export const ROOMS = ['inbox', 'invoices', 'orders', 'outbox', 'rules', 'facts', 'settings'] as const;
export type RoomName = (typeof ROOMS)[number];

/** What the host tells without being asked. */
export interface BackendEvents {
  /** Something shown is no longer what it was. */
  changed: undefined;
  money_came: MoneyCame;
  /** The person clicked a notification: the entry's id. */
  open_entry: string;
  open_room: RoomName;
}

export type Unsubscribe = () => void;

export interface Capabilities {
  /** The system's own dialog for statement files. */
  filePicker: boolean;
  /** The system's own dialog for folders. */
  folderPicker: boolean;
}

export interface Backend {
  readonly capabilities: Capabilities;
  /** Throws a `Failure`, never anything else. */
  call<C extends CommandName>(command: C, request: RequestOf<C>): Promise<AnswerOf<C>>;
  on<E extends keyof BackendEvents>(event: E, handler: (payload: BackendEvents[E]) => void): Unsubscribe;
  /** Full paths of files dropped on the window, where the host tells them. */
  onFilesDropped?(handler: (paths: string[]) => void): Unsubscribe;
  /** Empty when the person changed their mind. */
  pickFiles?(): Promise<string[]>;
  /** null when the person changed their mind. */
  pickFolder?(): Promise<string | null>;
}

export function isRoom(name: unknown): name is RoomName {
  return ROOMS.some((room) => room === name);
}

function isWords(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'ru' in value && 'en' in value;
}

function isFailure(value: unknown): value is Failure {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    'message' in value &&
    isWords(value.message) &&
    'remedy' in value &&
    isWords(value.remedy)
  );
}

/** A failure as the core said it; anything else becomes one that says it came from the page or its host. */
export function asFailure(error: unknown): Failure {
  if (isFailure(error)) return error;
  const why = error instanceof Error ? error.message : String(error);
  return {
    code: 'page/unexpected',
    message: {
      ru: `Окно не смогло показать ответ программы: ${why}`,
      en: `The window could not show the program's answer: ${why}`,
    },
    remedy: {
      ru: 'Данные не изменены. Повторите; если не поможет, закройте и откройте программу.',
      en: 'Nothing was changed. Try again; if that does not help, close and open the program.',
    },
  };
}
