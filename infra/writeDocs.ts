import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { documents } from '#infra/docs.ts';

const top = join(import.meta.dirname, '..');

for (const [path, text] of Object.entries(documents())) {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), text);
}
