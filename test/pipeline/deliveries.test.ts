import { describe, expect, test } from 'vitest';
import { app, operations } from '#infra/operations.ts';
import { receiveRaw } from '#lib/auth/received.ts';
import { openDeliveries } from '#lib/deliveries.ts';
import type { Deps } from '#lib/deps.ts';
import { answerOf } from '#lib/pipeline/service.ts';
import { bill, manage, naming, offer, type Request, relationWith, resultOf, signedJson } from '#test/billing/calls.ts';
import { newParties, type Parties } from '#test/bss/parties.ts';
import { type Answer, responseOf } from '#test/support/estate.ts';
import { stage } from '#test/support/examples.ts';

/** Mutations that the state of the ledger does not refuse a second time, and what they answer then. */
const repeatable = new Set(['CleanUpFinancialRelation']);

const cases = operations
  .filter(({ effect, product }) => effect === 'write' && product.dialect.vendor === 'volcengine')
  .map((operation) => [operation.action, operation] as const);

/** A server that knows which answers have arrived, as the emulator does. */
function openServer({ deps }: Parties) {
  const deliveries = openDeliveries();
  const known: Deps = { ...deps, deliveries };
  return async ([path, init]: Request, arrives: boolean): Promise<Answer> => {
    const body = new Uint8Array(await new Response(init.body).arrayBuffer());
    const received = receiveRaw({ method: 'POST', url: path, headers: new Headers(init.headers), body });
    const response = responseOf(await answerOf(app, received, known));
    if (arrives) deliveries.delivered(received);
    return { status: response.status, body: await response.json() };
  };
}

describe.each(cases)('%s, sent again byte for byte', (action, operation) => {
  test('before its answer has arrived, is a retry and answered as it was', async () => {
    const { estate, example } = await stage(operation);
    const send = openServer(estate);
    const request = signedJson(example.by, action, example.params);
    const first = await send(request, false);
    expect(first.status).toBe(200);
    const before = await estate.dump();
    expect(await send(request, true)).toEqual(first);
    expect(await estate.dump()).toEqual(before);
  });

  test('after its answer has arrived, is another call: the state decides, and it never acts', async () => {
    const { estate, example } = await stage(operation);
    const send = openServer(estate);
    const request = signedJson(example.by, action, example.params);
    const first = await send(request, true);
    const before = await estate.dump();
    const again = await send(request, true);
    expect(await estate.dump()).toEqual(before);
    if (repeatable.has(action)) return expect(again).toEqual(first);
    expect(again.status).toBeGreaterThanOrEqual(400);
    const another = await send(signedJson(example.by, action, { ...example.params, Spelled: 'otherwise' }), true);
    expect(again.body.ResponseMetadata.Error).toEqual(another.body.ResponseMetadata.Error);
  });
});

test('a call whose answer has arrived does not act again once the state is back, and is answered as it was', async () => {
  const estate = await newParties();
  const { parent, sibling } = estate;
  const send = openServer(estate);
  const request = signedJson(parent, 'CreateFinancialRelation', offer(sibling));
  const first = await send(request, true);
  const relation = await relationWith(estate, parent, sibling);
  resultOf(await bill(estate, parent, 'DeleteFinancialRelation', naming(relation)));
  const before = await estate.dump();
  expect(await send(request, true)).toEqual(first);
  expect(await estate.dump()).toEqual(before);
});

test('a refused call may be tried again with the same bytes', async () => {
  const estate = await newParties();
  const { parent } = estate;
  const send = openServer(estate);
  const relation = await manage(estate);
  const request = signedJson(parent, 'CleanUpFinancialRelation', naming(relation));
  expect((await send(request, true)).status).toBe(400);
  resultOf(await bill(estate, parent, 'DeleteFinancialRelation', naming(relation)));
  expect((await send(request, true)).status).toBe(200);
});
