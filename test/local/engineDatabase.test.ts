import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findBinary } from '#infra/local/engineBinary.ts';
import { openEngineDatabase } from '#infra/local/engineDatabase.ts';
import { PREPARED_FOR, preparedDatabase } from '#infra/local/preparedDatabase.ts';
import { StartError } from '#infra/local/startError.ts';
import { newFolder } from '#test/support/emulatorProcess.ts';

test('the prepared database is for the engine that is installed, and names its indexes', () => {
  expect(findBinary('').version).toBe(PREPARED_FOR);
  const content = preparedDatabase().toString('latin1');
  expect(content).toMatch(/^SQLite format 3\0/);
  for (const columns of [
    'table_name, CAST(sequence_number AS INTEGER)',
    'table_name, shard_id, CAST(sequence_number AS INTEGER)',
    'table_name, shard_id, sequence_number',
  ]) {
    expect(content).toContain(`ON _stream_records (${columns})`);
  }
});

test('a new file is prepared for its owner alone', () => {
  const file = join(newFolder(), 'tributary.db');
  expect(openEngineDatabase(file, PREPARED_FOR).file).toBe(file);
  expect(readFileSync(file)).toEqual(preparedDatabase());
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a file that is there already stays as it is', () => {
  const file = join(newFolder(), 'tributary.db');
  writeFileSync(file, 'rows of an earlier run');
  writeFileSync(`${file}-wal`, 'its last rows');
  openEngineDatabase(file, PREPARED_FOR);
  expect(readFileSync(file, 'utf8')).toBe('rows of an earlier run');
  expect(readFileSync(`${file}-wal`, 'utf8')).toBe('its last rows');
});

test('a new file has nothing of the log of one that was deleted', () => {
  const file = join(newFolder(), 'tributary.db');
  writeFileSync(`${file}-wal`, 'rows of the other');
  openEngineDatabase(file, PREPARED_FOR);
  expect(existsSync(`${file}-wal`)).toBe(false);
});

test.each(['1.2.0', '1.2.2', undefined])('an engine of version %s is given no prepared database', async (version) => {
  const file = join(newFolder(), 'tributary.db');
  expect(openEngineDatabase(file, version).file).toBe(file);
  expect(existsSync(file)).toBe(false);
  expect(openEngineDatabase(undefined, version).file).toBeUndefined();
});

test('what is not to be kept is in memory, or else in the folder for temporary files, until it is closed', async () => {
  const memory = newFolder();
  for (const [given, parent] of [
    [memory, memory],
    [join(memory, 'absent'), tmpdir()],
  ] as const) {
    const { file = '', close } = openEngineDatabase(undefined, PREPARED_FOR, given);
    expect(dirname(dirname(file))).toBe(parent);
    expect(readFileSync(file)).toEqual(preparedDatabase());
    await close();
    expect(existsSync(dirname(file))).toBe(false);
  }
});

test('a file that cannot be written is told in one sentence', () => {
  const file = join(newFolder(), 'tributary.db');
  mkdirSync(`${file}.new`);
  expect(() => openEngineDatabase(file, PREPARED_FOR)).toThrow(StartError);
  expect(() => openEngineDatabase(file, PREPARED_FOR)).toThrow(/tributary\.db cannot be written: .*\.$/);
});
