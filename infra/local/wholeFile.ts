import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file only its owner may read. Whoever reads it, now or after a crash, finds the old text or the new, never a part. */
export function writeWhole(file: string, text: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
