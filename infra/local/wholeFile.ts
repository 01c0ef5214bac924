import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file only its owner may read. Whoever reads it, now or after a crash, finds the old content or the new, never a part. */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const draft = `${file}.new`;
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, file);
}
