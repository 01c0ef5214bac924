import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeWhole } from '#infra/local/dataFolder.ts';
import { asFileFault, fileFault } from '#infra/local/fileFault.ts';
import { openFileOfLines } from '#infra/local/fileOfLines.ts';
import { StartError } from '#infra/local/startError.ts';
import { newFolder } from '#test/support/emulatorProcess.ts';

const elsewhere = 'name a folder elsewhere by --data or TRIBUTARY_DATA';

describe('a file that could not be used', () => {
  test.each([
    [
      'ENOSPC: no space left on device, write',
      `cannot be written, its disk is full (ENOSPC: no space left on device, write); make room there, or ${elsewhere}.`,
    ],
    [
      'backend: database or disk is full',
      `cannot be written, its disk is full (database or disk is full); make room there, or ${elsewhere}.`,
    ],
    [
      'EROFS: read-only file system',
      `cannot be written (EROFS: read-only file system); let this user write to /data, or ${elsewhere}.`,
    ],
    [
      'EACCES: permission denied',
      `cannot be written (EACCES: permission denied); let this user write to /data, or ${elsewhere}.`,
    ],
    [
      'error: Internal error: unable to open database file',
      `cannot be written (unable to open database file); let this user write to /data, or ${elsewhere}.`,
    ],
    [
      'error: Internal error: database disk image is malformed',
      'is damaged (database disk image is malformed); restore it, or delete the folder /data to begin anew.',
    ],
  ])('is told with a remedy: %s', (said, told) => {
    expect(fileFault('/data/file', new Error(said))?.message).toBe(`/data/file ${told}`);
  });

  test('is told as it is if it was one before', () => {
    const fault = fileFault('/data/file', new Error('EACCES: permission denied'));
    expect(fileFault('/data/file', fault)).toBe(fault);
  });

  test('is not made of what has another cause', () => {
    expect(fileFault('/data/file', new Error('connect ECONNREFUSED'))).toBeUndefined();
    const other = new Error('anything');
    expect(asFileFault(other)).toBe(other);
  });

  test('is named where the system has named it', () => {
    const file = join(newFolder(), 'a-file', 'in-a-file');
    writeFileSync(join(file, '..'), '');
    try {
      writeFileSync(file, '');
    } catch (error) {
      expect(asFileFault(error)).toEqual(
        new StartError(`${file} cannot be used: ENOTDIR: not a directory, open '${file}'.`),
      );
    }
    expect.hasAssertions();
  });
});

test('a full disk is told by whatever is written to it', () => {
  const folder = newFolder();
  const lines = openFileOfLines(join(folder, 'lines'));
  for (const name of ['whole.new', 'lines']) symlinkSync('/dev/full', join(folder, name));
  const full = /(whole|lines) cannot be written, its disk is full \(ENOSPC.*\); make room there, or /;
  expect(() => writeWhole(join(folder, 'whole'), 'content')).toThrow(full);
  expect(() => lines.add({ id: 'one' })).toThrow(full);
});
