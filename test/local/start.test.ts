import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { localClient } from '#infra/local/database.ts';
import { startEngine } from '#infra/local/engine.ts';
import {
  expectNoOrphans,
  newFolder,
  type RunningEmulator,
  run,
  startEmulatorProcess,
} from '#test/support/emulatorProcess.ts';
import { testEndpoint } from '#test/support/engine.ts';
import { atFileEnd } from '#test/support/fileEnd.ts';
import { processesNaming, processorMs } from '#test/support/processes.ts';

/** An emulator that ends with its test, and all it has started with it. */
async function start(
  { onTestFinished }: TestContext,
  env: Readonly<Record<string, string>>,
  ...program: 'start by tsx'[]
): Promise<RunningEmulator> {
  const emulator = await startEmulatorProcess(env, ...program);
  onTestFinished(async () => {
    await emulator.end('SIGTERM');
    await expectNoOrphans(emulator);
  });
  return emulator;
}

/** A port of this machine that is in use until this file has run. */
async function takenPort(): Promise<number | undefined> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  atFileEnd(() => void server.close());
  const address = server.address();
  return typeof address === 'object' ? address?.port : undefined;
}

const sentence = (text: string) => new RegExp(`^${text}\\.\n$`);

describe('a start', () => {
  test('is ready after three seconds of work at most, with what scripts need in demo.env for its owner alone', async (context) => {
    const data = newFolder();
    const emulator = await start(context, { TRIBUTARY_DATA: data }, 'start by tsx');
    expect(processorMs(emulator.pid)).toBeLessThan(3000);
    expect(emulator.envFile).toBe(join(data, 'demo.env'));
    expect(statSync(emulator.envFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(data, 'master.key')).mode & 0o777).toBe(0o600);
    const { env } = emulator;
    expect(env['BASE_URL']).toBe(emulator.baseUrl);
    for (const role of ['PARENT', 'CHILD', 'SIBLING', 'RESOURCE', 'MEMBER']) {
      expect(env[`${role}_UID`]).toMatch(/^\d{16}$/);
    }
    for (const role of ['MAJOR', 'SUB']) expect(env[`${role}_UID`]).toMatch(/^\d{10}$/);
    for (const role of ['PARENT', 'CHILD', 'SIBLING', 'MAJOR', 'SUB', 'MEMBER', 'OPERATOR']) {
      expect(env[`${role}_AK`]).toMatch(/^\w{4,}$/);
      expect(env[`${role}_SK`]).toMatch(/^\S{16,}$/);
    }
    const names = await Promise.all(
      ['PARENT', 'CHILD', 'SIBLING'].map(async (role) => {
        const { body } = await emulator.call('operator', 'DescribeAccount', { Uid: env[`${role}_UID`] ?? '' });
        return body.LegalName;
      }),
    );
    expect(names[0]).toBe(names[2]);
    expect(names[0]).not.toBe(names[1]);
  });
});

// Each has folders and processes of its own and no time to keep.
describe.concurrent('a start', () => {
  test('listens on the loopback address only', async (context) => {
    const { baseUrl } = await start(context, { TRIBUTARY_DATA: newFolder() });
    const { hostname, port } = new URL(baseUrl);
    expect(hostname).toBe('127.0.0.1');
    for (const other of [`127.0.0.2:${port}`, `[::1]:${port}`]) {
      await expect(fetch(`http://${other}/_emulator/clock`)).rejects.toThrow('fetch failed');
    }
  });

  test('keeps data and keys for the next', async (context) => {
    const data = newFolder();
    const first = await startEmulatorProcess({ TRIBUTARY_DATA: data });
    await first.call('operator', 'RegisterAccount', { Name: 'guest', Uid: '1000000000000001' });
    expect(await first.end('SIGTERM')).toMatchObject({ code: 0 });

    const second = await start(context, { TRIBUTARY_DATA: data });
    const { body } = await second.call('operator', 'DescribeAccount', { Uid: '1000000000000001' });
    expect(body.Name).toBe('guest');
    expect({ ...second.env, BASE_URL: first.baseUrl }).toEqual(first.env);
  });

  test('in memory leaves nothing behind', async () => {
    const folder = newFolder();
    const left = () => readdirSync(folder).filter((name) => name.startsWith('tributary'));
    const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: ':memory:', TMPDIR: folder });
    expect(dirname(dirname(emulator.envFile))).toBe(folder);
    expect(left()).toHaveLength(1);
    expect((await emulator.call('operator', 'ListRegisteredAccounts')).body.Accounts).toHaveLength(7);
    expect(await emulator.end('SIGINT')).toMatchObject({ code: 0, stderr: '' });
    expect(left()).toEqual([]);

    const PORT = String(await takenPort());
    expect(await run('start', [], { TRIBUTARY_DATA: ':memory:', TMPDIR: folder, PORT })).toMatchObject({ code: 1 });
    expect(left()).toEqual([]);
  });

  test('uses the server that DYNAMODB_ENDPOINT names, and leaves it running', async () => {
    const endpoint = await testEndpoint();
    const data = newFolder();
    const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: data, DYNAMODB_ENDPOINT: endpoint });
    expect(emulator.children()).toEqual([]);
    await emulator.call('operator', 'RegisterAccount', { Name: 'guest', Uid: '1000000000000001' });
    expect(await emulator.end('SIGTERM')).toMatchObject({ code: 0 });
    const TableName = readFileSync(join(data, 'estate'), 'utf8');
    expect(TableName).toMatch(/^tributary-[0-9a-f]{16}$/);
    const { Items = [] } = await localClient(endpoint).send(new ScanCommand({ TableName }));
    expect(Items).toContainEqual(expect.objectContaining({ name: 'guest' }));
  });

  test('in memory over such a server leaves no table in it', async () => {
    const { endpoint, stop } = await startEngine(undefined, process.env);
    const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: ':memory:', DYNAMODB_ENDPOINT: endpoint });
    const tables = async () => (await localClient(endpoint).send(new ListTablesCommand())).TableNames;
    expect(await tables()).toHaveLength(1);
    expect(await emulator.end('SIGTERM')).toMatchObject({ code: 0 });
    expect(await tables()).toEqual([]);
    await stop();
  });
});

describe.concurrent('a start is refused in one sentence, and leaves nothing running,', () => {
  /** The data folder of an emulator that has ended. */
  const used = newFolder();

  beforeAll(async () => {
    const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: used });
    await emulator.end('SIGTERM');
  });

  test('when another emulator runs on the data folder, by whatever path', async (context) => {
    const data = newFolder();
    const { call } = await start(context, { TRIBUTARY_DATA: data });
    const alias = join(newFolder(), 'alias');
    symlinkSync(data, alias);
    const starts = [data, alias].map(async (path) => {
      const { code, stdout, stderr } = await run('start', [], { PORT: '0', TRIBUTARY_DATA: path });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(sentence(`Another emulator is running on the data folder ${path}; stop it, .*`));
    });
    await Promise.all(starts);
    expect((await call('operator', 'ListRegisteredAccounts')).status).toBe(200);
  });

  test('when the port is in use', async () => {
    const PORT = String(await takenPort());
    const data = newFolder();
    const { code, stdout, stderr } = await run('start', [], { PORT, TRIBUTARY_DATA: data });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(sentence(`Port ${PORT} is in use; name another by --port or PORT, or 0 for any free one`));
    expect(processesNaming(data)).toEqual([]);
  });

  test.each(['web', '65536', '-1'])('when PORT is %s', async (PORT) => {
    const data = join(newFolder(), 'data');
    const { code, stdout, stderr } = await run('start', [], { PORT, TRIBUTARY_DATA: data });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(sentence(`PORT must be a number from 0 to 65535, not ${PORT}`));
  });

  test('when the data folder is a file', async () => {
    const data = join(newFolder(), 'file');
    writeFileSync(data, '');
    const { code, stderr } = await run('start', [], { PORT: '0', TRIBUTARY_DATA: data });
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence(`The data folder ${data} cannot be used: .*`));
  });

  test('when the database file is damaged', async () => {
    const data = newFolder();
    writeFileSync(join(data, 'tributary.db'), 'not a database at all');
    const { code, stderr } = await run('start', [], { PORT: '0', TRIBUTARY_DATA: data });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      sentence(`${data}/tributary\\.db is damaged \\(.*\\); restore it, or delete the folder ${data} to begin anew`),
    );
    expect(processesNaming(data)).toEqual([]);
  });

  test.each([
    ['estate', 'it names no folder of .*estates; restore it, or delete it to begin anew'],
    ['events.ndjson', 'its line 1 is no JSON; restore it, or delete it and what it tells of'],
    ['mails.ndjson', 'its line 1 is no JSON; restore it, or delete it and what it tells of'],
    ['stream-places', 'it is no JSON; restore it, or delete it, and what has not been published yet will not be'],
  ])('when %s is damaged', async (name, said) => {
    const data = newFolder();
    cpSync(used, data, { recursive: true });
    const estate = join(data, 'estates', readFileSync(join(data, 'estate'), 'utf8'));
    const file = join(name === 'estate' ? data : estate, name);
    writeFileSync(file, '{damaged\n');
    const { code, stderr } = await run('start', [], { PORT: '0', TRIBUTARY_DATA: data });
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence(`${file} is damaged: ${said}`));
    expect(processesNaming(data)).toEqual([]);
  });

  test('when the disk is full', async () => {
    const data = newFolder();
    symlinkSync('/dev/full', join(data, 'master.key.new'));
    const { code, stderr } = await run('start', [], { PORT: '0', TRIBUTARY_DATA: data });
    expect(code).toBe(1);
    const full = `${data}/master.key cannot be written, its disk is full \\(ENOSPC: .*\\)`;
    expect(stderr).toMatch(
      sentence(`${full}; make room there, or name a folder elsewhere by --data or TRIBUTARY_DATA`),
    );
    expect(processesNaming(data)).toEqual([]);
  });

  test('when the server that DYNAMODB_ENDPOINT names does not answer', async () => {
    const DYNAMODB_ENDPOINT = 'http://127.0.0.1:1';
    const { code, stderr } = await run('start', [], { PORT: '0', TRIBUTARY_DATA: newFolder(), DYNAMODB_ENDPOINT });
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence(`The DynamoDB at ${DYNAMODB_ENDPOINT} has no table for us: .*`));
  });

  test('when the master key is damaged', async () => {
    const data = newFolder();
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'master.key'), '');
    const { code, stderr } = await run('start', [], { PORT: '0', TRIBUTARY_DATA: data });
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence(`${data}/master.key does not hold a key of 64 hex digits; .*`));
    expect(processesNaming(data)).toEqual([]);
  });
});
