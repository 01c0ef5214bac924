import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import { damaged, fileFault } from '#infra/local/fileFault.ts';

/** What was told so far, each thing once, in a file of one a line that outlives the process and that only its owner may read. */
export interface FileOfLines<Told extends { readonly id: string }> {
  has(id: string): boolean;
  /** In the order in which they were told. */
  all(): readonly Told[];
  add(told: Told): void;
}

/** Opens a file that only this module writes. Throws `StartError` if something else has. */
export function openFileOfLines<Told extends { readonly id: string }>(file: string): FileOfLines<Told> {
  const byId = new Map<string, Told>();
  for (const [index, line] of wholeLines(file).entries()) {
    const told = parsed<Told>(line);
    if (told === undefined) throw damaged(file, `its line ${index + 1} is no JSON`, 'delete it and what it tells of');
    byId.set(told.id, told);
  }
  return {
    has: (id) => byId.has(id),
    all: () => [...byId.values()],
    add(told) {
      if (byId.has(told.id)) return;
      append(file, `${JSON.stringify(told)}\n`);
      byId.set(told.id, told);
    },
  };
}

function append(file: string, line: string): void {
  try {
    appendFileSync(file, line, { mode: 0o600 });
  } catch (error) {
    throw fileFault(file, error) ?? error;
  }
}

/** A crash may have cut the last line short; the stream delivers what it told again. */
function wholeLines(file: string): string[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole !== text) truncateSync(file, Buffer.byteLength(whole));
  return whole.split('\n').filter(Boolean);
}

function parsed<Told>(line: string): Told | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
