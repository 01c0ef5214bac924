import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventBridgeBus } from '#lib/adapters/eventBridge.ts';
import { systemPorts } from '#lib/ports.ts';
import { productionClient } from '#lib/store/client.ts';
import { relationKey } from '#lib/store/keys.ts';
import { openTable } from '#lib/store/table.ts';

/** Longer than the vendors' clients wait, but not by much: back-off is random. */
const SOON_MS = 4000;

/** Ways not to answer. */
const silences: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ['never answers', () => undefined],
  ['begins an answer and never ends it', (response) => void response.writeHead(200).write('{"Item')],
];

const tokens: unknown[] = [];
let silence: (response: ServerResponse) => void;
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    tokens.push(JSON.parse(body).ClientRequestToken);
    silence(response);
  });
});

beforeEach(async () => {
  tokens.length = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'none');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe.each(silences)('a service that %s', (_, way) => {
  beforeEach(() => {
    silence = way;
  });

  test('is asked three times, then given up, while the caller still waits', async () => {
    const startedMs = performance.now();
    const table = openTable(productionClient(), 'tributary', systemPorts.pause);
    await expect(table.get(relationKey(5))).rejects.toThrow(/ms/);
    expect(performance.now() - startedMs).toBeLessThan(SOON_MS);
    expect(tokens).toHaveLength(3);
  });

  test('is sent a transaction again under the same token, lest it be made twice', async () => {
    const table = openTable(productionClient(), 'tributary', systemPorts.pause);
    await expect(table.transact([{ Put: { Item: { ...relationKey(5) } } }])).rejects.toThrow(/ms/);
    expect(tokens).toHaveLength(3);
    expect(new Set(tokens)).toEqual(new Set([expect.any(String)]));
  });

  test('is no bus to wait for either', async () => {
    const startedMs = performance.now();
    const event = { id: 'e', type: 'invite', time: '2025-03-02T15:12:34.567Z', actor: 1, action: 'A', requestId: 'r' };
    const relation = { relationId: 5, parentUid: 1, childUid: 2, from: 'nothing', to: 'inviting' };
    await expect(eventBridgeBus('default').publish([{ ...event, ...relation }])).rejects.toThrow(/ms/);
    expect(performance.now() - startedMs).toBeLessThan(SOON_MS);
    expect(tokens).toHaveLength(3);
  });
});
