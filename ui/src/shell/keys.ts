// Keys by their place on the keyboard, so that they work in the Russian layout too.

/** Whether the key is being typed into something and must be left to it. */
export function typing(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Whether Enter already means something to what has the focus. */
export function pressable(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  return ['BUTTON', 'A', 'SUMMARY'].includes(target.tagName);
}

export function withCommand(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey;
}

/** Whether a dialog has the keyboard. */
export function inDialog(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
}
