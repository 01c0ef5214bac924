import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import {
  engineOf,
  expectNoOrphans,
  newFolder,
  type RunningEmulator,
  startEmulatorProcess,
} from '#test/support/emulatorProcess.ts';
import { processesNaming, procFile } from '#test/support/processes.ts';

const portOf = ({ baseUrl }: RunningEmulator) => Number(new URL(baseUrl).port);

async function expectFree(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
}

const isRefused = (port: number) =>
  new Promise<boolean>((resolve) => {
    const probe = createConnection(port, '127.0.0.1');
    probe.once('connect', () => resolve(false)).once('error', () => resolve(true));
    probe.once('connect', () => probe.destroy());
  });

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops everything, and the port is free', async (signal) => {
  const data = newFolder();
  const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: data });
  // A connection that a client keeps must not hold up the end.
  await emulator.call('operator', 'ListRegisteredAccounts');
  expect(emulator.children()).not.toEqual([]);
  const { code, stderr } = await emulator.end(signal);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  await expectNoOrphans(emulator);
  expect(processesNaming(data)).toEqual([]);
  await expectFree(portOf(emulator));
});

test.each(['SIGTERM', 'SIGKILL'] as const)(
  '%s of npm start ends what it started, and the next serves at once',
  async (signal) => {
    const data = newFolder();
    const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: data }, 'npm start');
    await emulator.call('operator', 'RegisterAccount', { Name: 'guest', Uid: '1000000000000001' });
    process.kill(emulator.pid, signal);
    const next = await startEmulatorProcess({ TRIBUTARY_DATA: data });
    await expectNoOrphans(emulator);
    expect((await next.call('operator', 'DescribeAccount', { Uid: '1000000000000001' })).body.Name).toBe('guest');
    await next.end('SIGTERM');
  },
);

test.each(['SIGTERM', 'SIGKILL'] as const)('in memory, %s leaves neither files nor processes', async (signal) => {
  const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: ':memory:' });
  const words = procFile(engineOf(emulator), 'cmdline').split('\0');
  const databaseFile = words[words.indexOf('--db-path') + 1] ?? '';
  const folders = [databaseFile, emulator.envFile].map((file) => dirname(file));
  expect(folders.map((folder) => existsSync(folder))).toEqual([true, true]);
  await emulator.end(signal);
  await expectNoOrphans(emulator);
  await expect.poll(() => folders.filter((folder) => existsSync(folder))).toEqual([]);
});

test('a request under way is answered before the end', async () => {
  const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: newFolder() });
  const port = portOf(emulator);
  const connection = createConnection(port, '127.0.0.1').setEncoding('utf8');
  let received = '';
  connection.on('data', (chunk: string) => {
    received += chunk;
  });
  const body = '{"advanceMs": 1000}';
  const head = `POST /_emulator/clock HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: ${body.length}`;
  connection.write(`${head}\r\n\r\n`);
  // The server has the request once it asks for the body.
  await expect.poll(() => received).toContain('100 Continue');
  const ended = emulator.end('SIGTERM');
  await expect.poll(() => isRefused(port)).toBe(true);
  connection.write(body);
  await once(connection, 'close');
  expect(received).toContain('HTTP/1.1 200 OK');
  expect(received).toContain('"offsetMs":1000');
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
});

test('a stop amid calls answers each whole or not at all, and keeps what it answered', async () => {
  const data = newFolder();
  const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: data });
  const answered: string[] = [];
  const callers = Array.from({ length: 8 }, async (_, caller) => {
    for (let nth = 0; ; nth++) {
      const Uid = String(1_000_000_000_000_000 + caller * 10_000 + nth);
      const answer = await emulator.call('operator', 'RegisterAccount', { Name: `guest${Uid}`, Uid });
      expect(answer).toMatchObject({ status: 200, body: { Uid: Number(Uid) } });
      answered.push(Uid);
    }
  });
  const ends = Promise.allSettled(callers);
  await expect.poll(() => answered.length, { interval: 1 }).toBeGreaterThan(20);
  expect(await emulator.end('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
  const reasons = (await ends).map((end) => end.status === 'rejected' && end.reason);
  for (const reason of reasons) expect(reason).toMatchObject({ name: 'TypeError', message: 'fetch failed' });

  const next = await startEmulatorProcess({ TRIBUTARY_DATA: data });
  const found = await Promise.all(answered.map((Uid) => next.call('operator', 'DescribeAccount', { Uid })));
  expect(found.map(({ body }) => String(body.Uid))).toEqual(answered);
  await next.end('SIGTERM');
});
