import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { engineSources, findBinary } from '#infra/local/engineBinary.ts';
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

describe.each(Object.entries(engineSources))('on %s', (machine, source) => {
  test('the sentence says what to do there', () => {
    const sentence = `this machine is ${machine} and has no engine; ${source}, or put a dynoxide 1.2 on the PATH `;
    expect(() => findBinary('', none, machine)).toThrow(sentence);
  });

  test('the README says the same', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(source);
  });
});

test('on any other machine, the sentence names what goes anywhere', () => {
  expect(() => findBinary('', none, 'sunos-x64')).toThrow(
    /sunos-x64 and has no engine; put a dynoxide 1\.2 on the PATH/,
  );
});

test('the version that is named is the one this repository is tested with', () => {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { optionalDependencies } = JSON.parse(manifest);
  for (const source of Object.values(engineSources).filter((one) => one.startsWith('npm'))) {
    expect(source.endsWith(`@${optionalDependencies['@dynoxide/linux-x64']}`)).toBe(true);
  }
});
