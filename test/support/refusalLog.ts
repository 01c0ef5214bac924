import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogRecord } from '#lib/ports.ts';

/** The variable with the folder of a test run: in it each process notes the refusals it sees, and programs are built. */
export const FOLDER_VARIABLE = 'TRIBUTARY_TEST_RUN';

/** That folder. Throws outside of a test run. */
export function runFolder(): string {
  const folder = process.env[FOLDER_VARIABLE];
  if (folder === undefined) throw new Error('this is made for a test run only');
  return folder;
}

const noted = new Set<string>();
const undeclared: string[] = [];

/** The note for a refusal: its operation and canonical reason. */
export function noteOf(product: unknown, action: unknown, reason: string): string {
  return `${product}/${action} ${reason}`;
}

/** Notes a call's refusal, once per process. */
export function noteRefusal({ action, product, reason, undeclared: isUndeclared }: LogRecord): void {
  if (typeof reason !== 'string') return;
  const note = noteOf(product, action, reason);
  if (isUndeclared) undeclared.push(note);
  const folder = process.env[FOLDER_VARIABLE];
  if (folder === undefined || noted.has(note)) return;
  noted.add(note);
  appendFileSync(join(folder, String(process.pid)), `${note}\n`);
}

/** Refusals since the last call that their operation does not declare. */
export function takeUndeclared(): string[] {
  return undeclared.splice(0);
}
