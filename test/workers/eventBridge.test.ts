import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventBridgeBus } from '#lib/adapters/eventBridge.ts';
import type { EventDetail } from '#lib/jobs/needs.ts';

interface Entry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Time: number;
  readonly Detail: string;
}

/** Entries by call; and whether the server accepts an entry, or answers at all. */
const puts: Entry[][] = [];
let takes: (entry: Entry) => boolean;
let answers: () => boolean;
let server: Server;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    expect(request.headers['x-amz-target']).toBe('AWSEvents.PutEvents');
    const { Entries }: { Entries: Entry[] } = JSON.parse(Buffer.concat(chunks).toString());
    puts.push(Entries);
    const results = Entries.map((entry, index) =>
      takes(entry)
        ? { EventId: `bus-${puts.length}-${index}` }
        : { ErrorCode: 'ThrottlingException', ErrorMessage: '' },
    );
    const FailedEntryCount = results.filter(({ EventId }) => EventId === undefined).length;
    response.writeHead(answers() ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answers() ? { FailedEntryCount, Entries: results } : { __type: 'InternalException' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  vi.stubEnv('AWS_ENDPOINT_URL_EVENTBRIDGE', `http://127.0.0.1:${address.port}`);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});

beforeEach(() => {
  puts.length = 0;
  takes = () => true;
  answers = () => true;
});

afterAll(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function anEvent(nth: number): EventDetail {
  return {
    id: `event-${nth}`,
    type: 'accept',
    time: '2025-03-02T15:12:34.567Z',
    relationId: nth,
    parentUid: 1,
    childUid: 2,
    actor: 2,
    action: 'ConfirmRelation',
    from: 'inviting',
    to: 'active',
    requestId: 'request',
  };
}

const details = (count: number) => Array.from({ length: count }, (_, nth) => anEvent(nth));
const events = (count: number) => details(count).map((detail) => ({ detailType: 'Relation accept', detail }));

describe('the EventBridge bus', () => {
  it('puts each event as an entry of its own, whole', async () => {
    expect(await eventBridgeBus('ledger').publish(events(1))).toEqual([]);
    expect(puts).toEqual([
      [
        {
          EventBusName: 'ledger',
          Source: 'tributary',
          DetailType: 'Relation accept',
          Time: Date.UTC(2025, 2, 2, 15, 12, 34, 567) / 1000,
          Detail: JSON.stringify(anEvent(0)),
        },
      ],
    ]);
  });

  it('puts ten at once at most, in their order', async () => {
    expect(await eventBridgeBus('ledger').publish(events(23))).toEqual([]);
    expect(puts.map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(puts.flat().map(({ Detail }) => JSON.parse(Detail))).toEqual(details(23));
  });

  it('answers the ids of those that were not taken, whichever call they were in', async () => {
    takes = ({ Detail }) => !/event-(?:3|12|22)"/.test(Detail);
    expect(await eventBridgeBus('ledger').publish(events(23))).toEqual(['event-3', 'event-12', 'event-22']);
  });

  it('fails when EventBridge does', async () => {
    answers = () => puts.length < 2;
    await expect(eventBridgeBus('ledger').publish(events(23))).rejects.toThrow();
  });

  it('puts nothing when there is nothing', async () => {
    expect(await eventBridgeBus('ledger').publish([])).toEqual([]);
    expect(puts).toEqual([]);
  });
});
