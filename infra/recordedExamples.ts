import { existsSync, readFileSync } from 'node:fs';

/** What an operation was seen to answer to its example, and to a call that it refused. */
export interface RecordedExample {
  /** The version it was called in; the operation's first if it is absent. */
  readonly version?: string;
  readonly request: object;
  readonly answer: object;
  readonly refusal: {
    /** How the refused call differs from the example's. */
    readonly call: string;
    readonly status: number;
    readonly reason: string;
    readonly answer: object;
  };
}

/** By product and action, as in `bss/ConfirmRelation`. */
export type RecordedExamples = Readonly<Record<string, RecordedExample>>;

const file = new URL('examples.json', import.meta.url);

/** What each operation was seen to answer; `npm run generate` writes the file. A new operation is not in it yet. */
export function readRecordedExamples(): RecordedExamples {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

const LINE_WIDTH = 140;

/** A value as JSON, indented as little as shows. What is longer than a line has a line for each of its members, so that a change of one shows. */
export function jsonLines(value: unknown, indent = ''): string {
  const line = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || indent.length + line.length <= LINE_WIDTH) return line;
  const inner = `${indent} `;
  const isList = Array.isArray(value);
  const members = Object.entries(value).map(([name, member]) => {
    return `${inner}${isList ? '' : `${JSON.stringify(name)}: `}${jsonLines(member, inner)}`;
  });
  return `${isList ? '[' : '{'}\n${members.join(',\n')}\n${indent}${isList ? ']' : '}'}`;
}
