import type { Operation } from '#lib/pipeline/declaration.ts';

/** An error whose message is one sentence for the person at the terminal, shown without a stack. */
export class StartError extends Error {}

/** What is wrong with a command line; shown with how the command is used, or how the operation is called. */
export class UsageError extends Error {
  readonly operation: Operation | undefined;

  constructor(message: string, operation?: Operation) {
    super(message);
    this.operation = operation;
  }
}

/** The message of whatever was thrown, on one line and without its full stop, to be quoted in a sentence. */
export function reasonOf(error: unknown): string {
  return asReason(error instanceof Error ? error.message || error.name : String(error));
}

/** Text on one line and without its full stop, to be quoted in a sentence. */
export function asReason(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replace(/\.$/, '');
}
