// The built page served as a plain browser gets it: static files under the desktop's own content security policy,
// commands and events answered from memory.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

import { asFailure, type BackendEvents, type CommandName } from '../../src/backend/backend';
import { Memory, type Scene } from '../memory/memory';

const UI = fileURLToPath(new URL('../../', import.meta.url));
const DIST = join(UI, 'dist');

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The policy of tauri.conf.json: a page that passes here runs in the desktop. */
async function policy(): Promise<string> {
  const config = JSON.parse(await readFile(join(UI, '../tauri.conf.json'), 'utf8')) as {
    app: { security: { csp: Record<string, string> } };
  };
  return Object.entries(config.app.security.csp)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}

/** What is tested is the page as built: an old build would prove nothing. */
async function assertBuilt(): Promise<void> {
  const built = await stat(join(DIST, 'index.html')).catch(() => null);
  if (!built) throw new Error('ui/dist is missing: npm run build');
  const sources = await readdir(join(UI, 'src'), { recursive: true });
  for (const source of sources) {
    const { mtimeMs } = await stat(join(UI, 'src', source));
    if (mtimeMs > built.mtimeMs) throw new Error(`ui/dist is older than src/${source}: npm run build`);
  }
}

export interface Host {
  url: string;
  memory: Memory;
  tell<E extends keyof BackendEvents>(event: E, payload: BackendEvents[E]): void;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

export async function serve(scene: Scene = {}): Promise<Host> {
  await assertBuilt();
  const memory = new Memory(scene);
  const csp = await policy();
  const listeners = new Set<ServerResponse>();

  async function file(path: string, response: ServerResponse): Promise<void> {
    const inside = normalize(path === '/' ? '/index.html' : path);
    try {
      const content = await readFile(join(DIST, inside));
      response.writeHead(200, {
        'content-type': TYPES[extname(inside)] ?? 'application/octet-stream',
        'content-security-policy': csp,
      });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    if (pathname === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(': open\n\n');
      listeners.add(response);
      request.on('close', () => listeners.delete(response));
      return;
    }
    if (!pathname.startsWith('/rpc/')) return file(pathname, response);
    const command = pathname.slice('/rpc/'.length) as CommandName;
    const body: unknown = JSON.parse(await bodyOf(request));
    try {
      const said = memory.call(command, body as never);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
    } catch (error) {
      response.writeHead(422, { 'content-type': 'application/json' }).end(JSON.stringify(asFailure(error)));
    }
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    memory,
    tell: (event, payload) => {
      for (const listener of listeners) listener.write(`event: ${event}\ndata: ${JSON.stringify(payload ?? null)}\n\n`);
    },
    close: () =>
      new Promise((closed) => {
        for (const listener of listeners) listener.end();
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
