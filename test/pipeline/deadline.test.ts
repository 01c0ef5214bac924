import * as v from 'valibot';
import { expect, test } from 'vitest';
import { receiveRaw } from '#lib/auth/received.ts';
import { CALL_MS } from '#lib/deps.ts';
import { operation } from '#lib/operation.ts';
import { answerOf } from '#lib/pipeline/service.ts';
import { systemPorts } from '#lib/ports.ts';
import { flatEnvelope, operator } from '#lib/products/operator/product.ts';
import { Stale } from '#lib/table/commit.ts';
import { absent, check } from '#lib/table/items.ts';
import { newEstate, responseOf, signedCall } from '#test/support/estate.ts';

const CLIENT_PATIENCE_MS = 3000;

/** What this computes its write from has changed whenever it commits: the write wants its caller's own key not to be there. */
function neverCurrent(runs: { count: number }, keyId: string) {
  return operation({
    action: 'NeverCurrent',
    product: operator,
    envelope: flatEnvelope,
    access: 'operator',
    effect: 'write',
    input: v.object({}),
    output: v.object({}),
    errors: [],
    async run() {
      runs.count++;
      return { output: {}, write: [check({ pk: `KEY#${keyId}`, sk: 'KEY' }, [absent], () => new Stale())] };
    },
  });
}

test('a mutation that never gets through is given up as Busy before its client stops waiting', async () => {
  let nowMs = Date.now();
  const wallNow = () => nowMs;
  const pause = async (upToMs: number) => {
    nowMs += upToMs;
  };
  const estate = await newEstate({ ...systemPorts, wallNow, pause, log: () => undefined });
  const runs = { count: 0 };
  const [url, { method, headers }] = signedCall(estate.operator, 'NeverCurrent', '2026-01-01', {});
  const received = receiveRaw({ method, url, headers: new Headers(headers), body: new Uint8Array() });
  const begunMs = wallNow();
  const deps = { ...estate.deps, callMs: CALL_MS };
  const response = responseOf(await answerOf(neverCurrent(runs, estate.operator.keyId), received, deps));
  expect({ status: response.status, body: await response.json() }).toMatchObject({
    status: 503,
    body: { Code: 'ServiceUnavailable' },
  });
  expect(runs.count).toBeGreaterThan(5);
  expect(wallNow() - begunMs).toBeLessThan(CLIENT_PATIENCE_MS);
});
