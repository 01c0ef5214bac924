import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { eventBridgeBus } from '#lib/adapters/eventBridge.ts';
import { Refusal } from '#lib/errors.ts';
import { systemPorts } from '#lib/ports.ts';
import { relationKey } from '#lib/store/keys.ts';
import { openTable } from '#lib/table/openTable.ts';
import { productionClient } from '#lib/table/requests.ts';
import { measureOwnTime } from '#test/support/ownTime.ts';

/** A little longer than the vendors' clients wait, because back-off is random. */
const SOON_MS = 4000;

/** Ways not to answer, by the name of the table or bus that is asked for. */
const silences: Readonly<Record<string, (response: ServerResponse) => void>> = {
  silent: () => undefined,
  halting: (response) => void response.writeHead(200).write('{"Item'),
};

/** The tokens of requests, by table or bus. */
const tokens: Record<string, unknown[]> = {};
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const name = /"(?:TableName|EventBusName)":"([\w-]+)"/.exec(body)?.[1] ?? '';
    tokens[name] = [...(tokens[name] ?? []), JSON.parse(body).ClientRequestToken];
    silences[name.replace(/-.*/, '')]?.(response);
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'none');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const tableOf = (name: string) => openTable(productionClient(), name, systemPorts.pause);

describe.each(Object.keys(silences))('a service that is %s', (way) => {
  test.concurrent('is asked three times, then given up, while the caller still waits', async () => {
    const tookMs = measureOwnTime();
    await expect(tableOf(`${way}-read`).get(relationKey(5))).rejects.toThrow(new Refusal('Busy', {}));
    expect(tookMs()).toBeLessThan(SOON_MS);
    expect(tokens[`${way}-read`]).toHaveLength(3);
  });

  test.concurrent('is sent a transaction again under the same token, lest it be made twice', async () => {
    const transacted = tableOf(`${way}-write`).transact([{ Put: { Item: { ...relationKey(5) } } }]);
    await expect(transacted).rejects.toThrow(/ms/);
    expect(tokens[`${way}-write`]).toHaveLength(3);
    expect(new Set(tokens[`${way}-write`])).toEqual(new Set([expect.any(String)]));
  });

  test.concurrent('is no bus to wait for either', async () => {
    const tookMs = measureOwnTime();
    const event = { id: 'e', type: 'invite', time: '2025-03-02T15:12:34.567Z', actor: 1, action: 'A', requestId: 'r' };
    const relation = { relationId: 5, parentUid: 1, childUid: 2, from: 'nothing', to: 'inviting' };
    await expect(
      eventBridgeBus(`${way}-bus`).publish([{ detailType: 'Relation invite', detail: { ...event, ...relation } }]),
    ).rejects.toThrow(/ms/);
    expect(tookMs()).toBeLessThan(SOON_MS);
    expect(tokens[`${way}-bus`]).toHaveLength(3);
  });
});
