import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '#infra/local/startError.ts';
import { writeWhole } from '#infra/local/wholeFile.ts';

/** The master key of a data folder, made on first use; only its owner may read it. Throws `StartError`. */
export function masterKeyIn(folder: string): Buffer {
  const file = join(folder, 'master.key');
  if (!existsSync(file)) writeWhole(file, randomBytes(32).toString('hex'));
  chmodSync(file, 0o600);
  const text = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/i.test(text)) {
    throw new StartError(
      `${file} does not hold a key of 64 hex digits; restore it, or delete ${folder} to begin anew.`,
    );
  }
  return Buffer.from(text, 'hex');
}
