import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hold, lockAddress } from '#infra/local/folderLock.ts';
import { newFolder } from '#test/support/emulatorProcess.ts';

// One name of each kind: outside the file system, as Linux has it, and a file, as elsewhere.
const kinds = [
  ['an abstract name', () => `\0${newFolder()}`],
  ['a file', () => join(newFolder(), 'lock')],
] as const;

test.each(kinds)('%s is held by one at a time', async (_, address) => {
  const name = address();
  const holds = await Promise.all(Array.from({ length: 8 }, () => hold(name)));
  const [release, ...others] = holds.filter((held) => held !== undefined);
  expect(others).toEqual([]);
  expect(await hold(name)).toBeUndefined();
  await release?.();
  const again = await hold(name);
  expect(again).toBeDefined();
  await again?.();
});

test.each(kinds)('%s held by a process that was killed is free', async (_, address) => {
  const name = address();
  const script = 'require("net").createServer().listen(JSON.parse(process.argv[1]), () => console.log("held"))';
  const holder = spawn(process.execPath, ['-e', script, JSON.stringify(name)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  expect(await hold(name)).toBeUndefined();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(existsSync(name.replace('\0', ''))).toBe(true);
  const release = await hold(name);
  expect(release).toBeDefined();
  await release?.();
});

test('two folders have two names, one folder has one', () => {
  const folder = newFolder();
  expect(lockAddress(`${folder}/.`)).toBe(lockAddress(folder));
  expect(lockAddress(newFolder())).not.toBe(lockAddress(folder));
});
