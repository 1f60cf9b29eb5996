import type { Failure, Words } from '../../src/wire';

export function refused(code: string, message: Words, remedy: Words): Failure {
  return { code, message, remedy };
}
