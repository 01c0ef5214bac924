import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { signVolcengine } from '#test/auth/signers.ts';
import type { Parties } from '#test/bss/parties.ts';
import { atOnce, stored } from '#test/races/answers.ts';
import { turnOf } from '#test/support/breadth.ts';
import type { Params } from '#test/support/estate.ts';
import {
  type Bytes,
  bytesOf,
  codeOf,
  mutationCases,
  mutations,
  places,
  requestWith,
  stageMutation,
} from '#test/support/everyMutation.ts';
import { parametersOf } from '#test/support/everyOperation.ts';
import type { Example } from '#test/support/examples.ts';
import { restored } from '#test/support/snapshot.ts';

const passed = 'DryRunOperation';

/** A refusal without the parts that differ between any two requests. */
function refusalOf({ status, text }: Bytes): unknown {
  const { RequestId, ...body } = JSON.parse(text);
  if (body.ResponseMetadata === undefined) return { status, body };
  const { RequestId: ofMetadata, ...metadata } = body.ResponseMetadata;
  return { status, body: { ...body, ResponseMetadata: metadata } };
}

/** Sends the example as a dry run, which must write nothing, and then for real; answers both. */
async function bothWays(estate: Parties, mutation: Operation, example: Example): Promise<{ dry: Bytes; real: Bytes }> {
  const before = await estate.dump();
  const dry = await bytesOf(estate, requestWith(mutation, example, { DryRun: true }));
  expect(await estate.dump()).toEqual(before);
  return { dry, real: await bytesOf(estate, requestWith(mutation, example, {})) };
}

/** A mutation meets every fifth kind of test, the next one the next. */
const STRIDE = 5;

describe.each(mutationCases)('%s as a dry run', (_, mutation, nth) => {
  const testInTurn = turnOf(nth, STRIDE);
  const begin = restored(() => stageMutation(mutation));

  for (const place of places) {
    testInTurn(`asked for in the ${place} goes through all checks, says so and writes nothing`, async () => {
      const { estate, example } = await begin();
      const before = await estate.dump();
      const dry = await bytesOf(estate, requestWith(mutation, example, { DryRun: true }, place));
      expect({ code: codeOf(dry), status: dry.status }).toEqual({ code: passed, status: 400 });
      expect(dry.text).toContain('"DryRunPassed"');
      expect(await estate.dump()).toEqual(before);
      expect((await bytesOf(estate, requestWith(mutation, example, { DryRun: false }, place))).status).toBe(200);
    });
  }

  testInTurn('sent again is refused for its nonce', async () => {
    const { estate, example } = await begin();
    const request = requestWith(mutation, example, { DryRun: true });
    expect(codeOf(await bytesOf(estate, request))).toBe(passed);
    expect((await bytesOf(estate, request)).text).toContain('"NonceUsed"');
  });

  testInTurn('is refused wherever the call itself is: to another, for what is missing, once all is done', async () => {
    const { estate, example } = await begin();
    const byOperator = example.by.uid === 0;
    const others = byOperator ? [estate.parent] : [estate.stranger, estate.operator];
    const variants = [
      ...others.map((by) => ({ ...example, by })),
      ...parametersOf(mutation).map((name) => without(example, name)),
    ];
    const refused: string[] = [];
    for (const variant of variants) {
      const dry = await bytesOf(estate, requestWith(mutation, variant, { DryRun: true }));
      if (codeOf(dry) === passed) continue;
      const real = await bytesOf(estate, requestWith(mutation, variant, {}));
      expect(refusalOf(dry)).toEqual(refusalOf(real));
      refused.push(codeOf(dry));
    }
    expect(refused.length).toBeGreaterThan(0);
    expect((await bytesOf(estate, requestWith(mutation, example, {}))).status).toBe(200);
    const { dry, real } = await bothWays(estate, mutation, example);
    if (real.status === 200) expect(codeOf(dry)).toBe(passed);
    else expect(refusalOf(dry)).toEqual(refusalOf(real));
  });

  testInTurn('does not use its token up, and heeds what the token stands for', async () => {
    const { estate, example } = await begin();
    const ClientToken = randomUUID();
    const dryRun = (options: Params = {}) =>
      bytesOf(estate, requestWith(mutation, example, { ClientToken, DryRun: true, ...options }));
    const before = await estate.dump();
    expect(codeOf(await dryRun())).toBe(passed);
    expect(await estate.dump()).toEqual(before);
    const first = await bytesOf(estate, requestWith(mutation, example, { ClientToken }));
    expect(first.status, first.text).toBe(200);
    const after = await estate.dump();
    // The real call would be answered with the first answer.
    expect(codeOf(await dryRun())).toBe(passed);
    expect(await estate.dump()).toEqual(after);
  });

  testInTurn('costs the round trips of the call itself', async () => {
    const tripsOf = async (options: Params) => {
      const { estate, example } = await begin();
      const before = estate.requests.length;
      await bytesOf(estate, requestWith(mutation, example, options));
      return estate.requests.slice(before).map(({ command }) => command);
    };
    expect(await tripsOf({ DryRun: true })).toEqual(await tripsOf({}));
  });
});

describe('a dry run', () => {
  it('is refused for a token that another request had, as the call would be', async () => {
    const register = named('RegisterAccount');
    const { estate, example } = await stageMutation(register);
    const ClientToken = randomUUID();
    await bytesOf(estate, requestWith(register, example, { ClientToken }));
    const another = { ...example, params: { Name: 'another@test' } };
    const dry = await bytesOf(estate, requestWith(register, another, { ClientToken, DryRun: true }));
    expect(codeOf(dry)).toBe('IdempotentParameterMismatch');
  });

  it('does not get in the way of others at the same time', async () => {
    const register = named('RegisterAccount');
    const { estate, example } = await stageMutation(register);
    const answers = await atOnce(40, async () => {
      const answer = await bytesOf(estate, requestWith(register, example, { DryRun: true }));
      return { status: answer.status, body: JSON.parse(answer.text) };
    });
    expect(answers.map(({ body }) => body.Code)).toEqual(Array(40).fill(passed));
  });

  it.each(['maybe', '1', 'TRUE'])('is not asked for by %s, which is refused', async (DryRun) => {
    const register = named('RegisterAccount');
    const { estate, example } = await stageMutation(register);
    const before = await estate.dump();
    const answer = await bytesOf(estate, requestWith(register, example, { DryRun }));
    expect(JSON.parse(answer.text).Message).toContain('DryRun');
    expect(await estate.dump()).toEqual(before);
  });

  it("is asked for by the query beside a JSON body in Volcengine's dialect too", async () => {
    const { action, product } = named('CreateFinancialRelation');
    const { estate, example } = await stageMutation(named(action));
    const { keyId, secret } = example.by;
    const body = Buffer.from(JSON.stringify(example.params));
    const query = `Action=${action}&DryRun=true&Version=${product.version}`;
    const signing = { keyId, secret, nowMs: Date.now(), method: 'POST', path: '/' };
    const { headers, url } = signVolcengine({ ...signing, query, body });
    expect(codeOf(await bytesOf(estate, [url, { method: 'POST', headers, body }]))).toBe(passed);
    expect(await stored(estate, 'relation')).toEqual([]);
  });
});

function without({ params, ...rest }: Example, name: string): Example {
  return { ...rest, params: { ...params, [name]: undefined } };
}

function named(action: string): Operation {
  const mutation = mutations.find((one) => one.action === action);
  if (mutation === undefined) throw new Error(`there is no ${action}`);
  return mutation;
}
