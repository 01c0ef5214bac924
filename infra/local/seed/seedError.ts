import { StartError } from '#infra/local/startError.ts';

/** One thing that is wrong in a seed, and where; line and column from 1. */
export interface SeedFault {
  readonly line: number;
  readonly column: number;
  readonly sentence: string;
}

const MOST_SHOWN = 20;

/** A seed cannot be loaded, and nothing of it was. The message has a line for each fault, as editors and terminals follow it. */
export class SeedError extends StartError {
  readonly faults: readonly SeedFault[];

  constructor(name: string, faults: readonly SeedFault[]) {
    const inOrder = faults.toSorted((one, other) => one.line - other.line || one.column - other.column);
    const shown = inOrder
      .slice(0, MOST_SHOWN)
      .map(({ line, column, sentence }) => `${name}:${line}:${column}: ${sentence}`);
    const rest = inOrder.length - shown.length;
    const more = rest > 0 ? [`and ${rest} more.`] : [];
    super([`${name} is not loaded, and nothing of it is written:`, ...shown, ...more].join('\n'));
    this.faults = inOrder;
  }
}
