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

test('the optional package is found where it is installed', () => {
  expect(findBinary('')).toMatch(/@dynoxide\/.+\/dynoxide$/);
});

test('the optional package goes before the PATH', () => {
  expect(findBinary(folderWithBinary(), () => '/package/dynoxide')).toBe('/package/dynoxide');
});

test('without the optional package the first dynoxide on the PATH is used', () => {
  const [first, second] = [folderWithBinary(), folderWithBinary()];
  expect(findBinary([newFolder(), first, second].join(delimiter), none)).toBe(join(first, 'dynoxide'));
});

test.each(['', newFolder()])('without either, one sentence tells how to get one', (path) => {
  expect(() => findBinary(path, none)).toThrow(StartError);
  expect(() => findBinary(path, none)).toThrow(/^No DynamoDB to run on: .*dynoxide.* or set DYNAMODB_ENDPOINT .*\.$/);
});
