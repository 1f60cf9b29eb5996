import { cleanup } from '@testing-library/svelte';
import { afterEach } from 'vitest';

// jsdom lays nothing out: lists are given the height of a small window.
Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 460 });
HTMLElement.prototype.scrollIntoView ??= function scrollIntoView(): void {};
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};

afterEach(() => {
  cleanup();
  localStorage.clear();
});
