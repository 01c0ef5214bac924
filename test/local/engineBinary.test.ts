import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { findBinary } from '#infra/local/engineBinary.ts';
import { StartError } from '#infra/local/startError.ts';
import { newFolder } from '#test/support/emulatorProcess.ts';

const none = () => undefined;

function folderWithBinary(): string {
  const folder = join(newFolder(), 'bin');
  mkdirSync(folder);
  writeFileSync(join(folder, 'dynoxide'), '');
  return folder;
}

test('the optional package is found where it is installed, with its version', () => {
  const { file, version } = findBinary('');
  expect(file).toMatch(/@dynoxide\/.+\/dynoxide$/);
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});

test('the optional package goes before the PATH', () => {
  const bundled = { file: '/package/dynoxide', version: '9.9.9' };
  expect(findBinary(folderWithBinary(), () => bundled)).toBe(bundled);
});

test('without the optional package the first dynoxide on the PATH is used, of whatever version', () => {
  const [first, second] = [folderWithBinary(), folderWithBinary()];
  const path = [newFolder(), first, second].join(delimiter);
  expect(findBinary(path, none)).toEqual({ file: join(first, 'dynoxide'), version: undefined });
});

test.each(['', newFolder()])('without either, one sentence tells how to get one', (path) => {
  expect(() => findBinary(path, none)).toThrow(StartError);
  expect(() => findBinary(path, none)).toThrow(/^No DynamoDB to run on: .*dynoxide.* or set DYNAMODB_ENDPOINT .*\.$/);
});
