import { once } from 'node:events';
import { createServer } from 'node:net';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { localClient } from '#infra/local/database.ts';
import { startEngine } from '#infra/local/engine.ts';
import { blockedPorts, type EngineAddress, findAddress } from '#infra/local/engineAddress.ts';
import { testEndpoint } from '#test/support/engine.ts';

/** Takes an address until its test is over. */
async function occupy({ host, port }: EngineAddress): Promise<void> {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
}

/** Why Node, which has the rule of the browsers, does not fetch from an address. */
async function reasonNotToFetch(address: string): Promise<string | undefined> {
  const error: unknown = await fetch(address).catch((reason) => reason);
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
}

test('the engine answers its clients and is out of the reach of a browser', async () => {
  const endpoint = await testEndpoint();
  await expect(localClient(endpoint).send(new ListTablesCommand())).resolves.toHaveProperty('TableNames');
  expect(await reasonNotToFetch(endpoint)).toBe('bad port');
});

test('no engine is put where a browser would reach it', async () => {
  const reasons = blockedPorts.map((port) => reasonNotToFetch(`http://127.0.0.1:${port}`));
  expect(await Promise.all(reasons)).toEqual(blockedPorts.map(() => 'bad port'));
});

test('engines that run side by side have addresses of their own', async () => {
  const engines = await Promise.all(Array.from({ length: 8 }, () => startEngine(undefined, process.env)));
  expect(new Set(engines.map(({ endpoint }) => endpoint)).size).toBe(8);
  expect(engines.map(({ endpoint }) => new URL(endpoint).hostname)).not.toContain('127.0.0.1');
  await Promise.all(engines.map(({ stop }) => stop()));
});

test('a port that is taken on the usual address does not keep an engine from starting', async () => {
  const [port = 0] = blockedPorts;
  await occupy({ host: '127.0.0.1', port }).catch(() => undefined);
  const { endpoint, stop } = await startEngine(undefined, process.env);
  expect(await reasonNotToFetch(endpoint)).toBe('bad port');
  await stop();
});

test('a port that is taken is passed over', async () => {
  const first = await findAddress(1, () => '127.9.9.9');
  await occupy(first);
  const second = await findAddress(1, () => '127.9.9.9');
  expect(second).toEqual({ host: '127.9.9.9', port: blockedPorts[1] });
});

test('where there are no other loopback addresses it is the usual one, on a blocked port while there is a free one', async () => {
  const noHost = () => '192.0.2.1';
  for (const _ of blockedPorts) {
    const address = await findAddress(1, noHost);
    if (!blockedPorts.includes(address.port)) break;
    expect(address.host).toBe('127.0.0.1');
    await occupy(address);
  }
  const { host, port } = await findAddress(1, noHost);
  expect(host).toBe('127.0.0.1');
  expect(blockedPorts).not.toContain(port);
});
