import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogRecord } from '#lib/ports.ts';

/** The variable that tells the processes of a test run the folder in which each notes the refusals it has seen. */
export const FOLDER_VARIABLE = 'TRIBUTARY_TEST_REFUSALS';

const noted = new Set<string>();
const undeclared: string[] = [];

/** How a refusal is noted: its operation and the canonical reason. */
export function noteOf(product: unknown, action: unknown, reason: string): string {
  return `${product}/${action} ${reason}`;
}

/** Notes what a call was refused for, once in each process. */
export function noteRefusal({ action, product, reason, undeclared: isUndeclared }: LogRecord): void {
  if (typeof reason !== 'string') return;
  const note = noteOf(product, action, reason);
  if (isUndeclared) undeclared.push(note);
  const folder = process.env[FOLDER_VARIABLE];
  if (folder === undefined || noted.has(note)) return;
  noted.add(note);
  appendFileSync(join(folder, String(process.pid)), `${note}\n`);
}

/** The refusals, since it was last asked, that their operation does not declare. */
export function takeUndeclared(): string[] {
  return undeclared.splice(0);
}
