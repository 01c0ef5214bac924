import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListStreamsCommand } from '@aws-sdk/client-dynamodb-streams';
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { localClient, localStreams } from '#infra/local/database.ts';
import { deployedClient } from '#test/support/deployedClient.ts';
import { measureOwnTime } from '#test/support/ownTime.ts';

const PATIENCE_MS = 300;

const Item = { pk: 'a', sk: 'ROW', says: '"ClientRequestToken":"x"', ClientRequestToken: 'y' };
const transaction = () => new TransactWriteCommand({ TransactItems: [{ Put: { TableName: 'rows', Item } }] });

/** Ways not to answer a request. */
const silences = {
  silent: () => undefined,
  halting: (response: ServerResponse) => void response.writeHead(200).write('{"Item'),
  absent: (response: ServerResponse) => void response.destroy(),
  failing: (response: ServerResponse) => void response.writeHead(500).end('{}'),
};

let bodies: string[] = [];
let answer: (response: ServerResponse) => void;
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  bodies.push(body);
  answer(response);
});
let endpoint: string;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  bodies = [];
  answer = (response) => response.end('{}');
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

test('a transaction carries a token for DynamoDB and none for a local server, and else the same', async () => {
  await deployedClient(endpoint).send(transaction());
  await localClient(endpoint).send(transaction());
  const [deployed, local] = bodies.map((body) => JSON.parse(body));
  expect(deployed.ClientRequestToken).toEqual(expect.any(String));
  expect(deployed).toEqual({ ...local, ClientRequestToken: deployed.ClientRequestToken });
  expect(local.TransactItems[0].Put.Item).toMatchObject({ says: { S: Item.says }, ClientRequestToken: { S: 'y' } });
});

describe.each(Object.entries(silences))('a local server that is %s', (_way, silence) => {
  beforeEach(() => {
    answer = silence;
  });

  test.each([
    ['a transaction', () => localClient(endpoint, PATIENCE_MS).send(transaction())],
    [
      'a read',
      () => localClient(endpoint, PATIENCE_MS).send(new GetCommand({ TableName: 'rows', Key: { pk: 'a', sk: 'ROW' } })),
    ],
    ['the stream', () => localStreams(endpoint, PATIENCE_MS).send(new ListStreamsCommand({ TableName: 'rows' }))],
  ])('is asked once for %s, and not waited for for ever', async (_what, asked) => {
    const tookMs = measureOwnTime();
    await expect(asked()).rejects.toThrow();
    expect(tookMs()).toBeLessThan(10 * PATIENCE_MS);
    // It may be given up before the server gets to hear it.
    await expect.poll(() => bodies).toHaveLength(1);
  });
});
