import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findSeedFile } from '#infra/local/seed/seedFile.ts';
import { newFolder } from '#test/support/emulatorProcess.ts';

test('a seed is the one that is given, else the one of the environment, else the one that lies there by its own name', () => {
  const folder = newFolder();
  const found = (given: string | undefined, env: NodeJS.ProcessEnv) => findSeedFile(given, env, folder)?.path;
  expect(found(undefined, {})).toBeUndefined();
  const own = join(folder, 'tributary.config.yaml');
  writeFileSync(own, '');
  expect(found(undefined, {})).toBe(own);
  expect(found(undefined, { TRIBUTARY_SEED: 'other.json' })).toBe('other.json');
  expect(found('given.yaml', { TRIBUTARY_SEED: 'other.json' })).toBe('given.yaml');
});

test('what is read is the file as it is by then, under its name', () => {
  const file = join(newFolder(), 'estate.yaml');
  const seed = findSeedFile(file, {});
  writeFileSync(file, 'accounts: []');
  expect(seed?.read()).toEqual({ name: 'estate.yaml', text: 'accounts: []' });
});
