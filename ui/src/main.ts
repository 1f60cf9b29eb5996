import { mount } from 'svelte';

import App from './App.svelte';
import type { Backend } from './backend/backend';
import { Session } from './session.svelte';
import './style/fonts.css';
import './style/base.css';

/** The desktop's web view brings Tauri's own bridge; anything else is a plain browser. */
async function backendHere(): Promise<Backend> {
  if ('__TAURI_INTERNALS__' in window) {
    const { tauriBackend } = await import('./backend/tauri');
    return tauriBackend();
  }
  const { httpBackend } = await import('./backend/http');
  return httpBackend();
}

void backendHere().then((backend) => {
  const target = document.getElementById('app');
  if (!target) throw new Error('index.html has no #app');
  mount(App, { target, props: { session: new Session(backend) } });
});
