import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';

/** What was told so far, each thing once, in a file of one a line that outlives the process and that only its owner may read. */
export interface FileOfLines<Told extends { readonly id: string }> {
  has(id: string): boolean;
  /** In the order in which they were told. */
  all(): readonly Told[];
  add(told: Told): void;
}

/** Opens a file that only this module writes. */
export function openFileOfLines<Told extends { readonly id: string }>(file: string): FileOfLines<Told> {
  const byId = new Map<string, Told>();
  for (const line of wholeLines(file)) {
    const told = parsed<Told>(line);
    byId.set(told.id, told);
  }
  return {
    has: (id) => byId.has(id),
    all: () => [...byId.values()],
    add(told) {
      if (byId.has(told.id)) return;
      appendFileSync(file, `${JSON.stringify(told)}\n`, { mode: 0o600 });
      byId.set(told.id, told);
    },
  };
}

/** A crash may have cut the last line short; the stream delivers what it told again. */
function wholeLines(file: string): string[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole !== text) truncateSync(file, Buffer.byteLength(whole));
  return whole.split('\n').filter(Boolean);
}

function parsed<Told>(line: string): Told {
  return JSON.parse(line);
}
