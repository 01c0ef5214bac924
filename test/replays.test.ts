import { randomUUID } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import type { Deps } from '#lib/deps.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import { signVolcengine } from '#test/auth/signers.ts';
import { signedSigv4 } from '#test/billing/sigv4.ts';
import { DAY_MS, type Parties } from '#test/bss/parties.ts';
import { inTurn, turnOf } from '#test/support/breadth.ts';
import { queryOf, type Signer } from '#test/support/estate.ts';
import { codeOf, mutations } from '#test/support/everyMutation.ts';
import {
  type Bytes,
  hasNonce,
  isSignable,
  type Scheme,
  schemeNames,
  schemes,
  withUnsigned,
} from '#test/support/everyScheme.ts';
import { type Example, stage, waysOf } from '#test/support/examples.ts';
import { type Obstacle, obstacleTo } from '#test/support/obstacles.ts';
import { type Snapshot, shapesOf, snapshotOf } from '#test/support/snapshot.ts';

const HEADER = 'Idempotency-Key';
const form = 'application/x-www-form-urlencoded';

/** Every mutation, on a way that something can stand against. The mutations take the schemes in turn. */
const cases = mutations.flatMap((operation, nth) => {
  const signable = schemeNames.filter((scheme) => isSignable(scheme, operation));
  return inTurn(signable, nth).map(
    (scheme) => [`${operation.action} signed with ${scheme}`, operation, scheme, nth] as const,
  );
});
/** A mutation meets every third kind of test, the next one the next. */
const STRIDE = 3;

interface Scene {
  readonly estate: Parties;
  readonly example: Example;
  readonly rows: Snapshot;
  readonly obstacle: Obstacle;
  readonly sign: () => Bytes;
}

async function setScene(operation: Operation, scheme: (typeof schemeNames)[number]): Promise<Scene> {
  const way = operation.action === 'RegisterAccount' ? waysOf(operation)[1] : undefined;
  const { estate, example } = await stage(operation, way);
  const rows = await snapshotOf(estate);
  const sign = () => schemes[scheme](operation, example);
  return { estate, example, rows, obstacle: obstacleTo(example, estate, rows), sign };
}

async function told({ estate }: Pick<Scene, 'estate'>, [path, init]: Bytes, process?: Deps) {
  const response = await estate.send(path, init, process);
  const text = await response.text();
  return { status: response.status, text, reason: estate.logged.at(-1)?.['reason'] };
}

describe.each(cases)('%s', (_, operation, scheme, nth) => {
  const testInTurn = turnOf(nth, STRIDE);
  let scene: Promise<Scene> | undefined;

  /** The scene of all tests, as it was in the beginning. */
  async function begin(): Promise<Scene> {
    scene ??= setScene(operation, scheme);
    const begun = await scene;
    await begun.rows.restore();
    return begun;
  }

  /** That nobody who sends the bytes again, here or elsewhere, alone or with others, does anything by it. */
  async function expectSpent(scene: Scene, request: Bytes, answer?: string): Promise<void> {
    const { estate, rows } = scene;
    const before = await rows.changes();
    const elsewhere = estate.anotherProcess();
    const again: [string, Bytes, Deps?][] = [
      ['here', request],
      ['elsewhere, without the header', withUnsigned(request, HEADER, undefined), elsewhere],
      ['elsewhere, under a header of its own', withUnsigned(request, HEADER, randomUUID()), estate.anotherProcess()],
    ];
    const sendings = again.map(async ([how, bytes, process]) => ({ how, ...(await told(scene, bytes, process)) }));
    for (const { how, status, text } of await Promise.all(sendings)) {
      if (status === 200) expect(text, how).toBe(answer);
      else expect(status, `${how}: ${text}`).toBeLessThan(500);
    }
    expect(await rows.changes()).toEqual(before);
  }

  testInTurn('acts once at most, whoever sends it again, when and where', async () => {
    const scene = await begin();
    const { estate, obstacle, rows, sign } = scene;

    // Once it has acted, with or without an unsigned header.
    const once = new Set<string>();
    for (const header of [undefined, randomUUID()]) {
      await rows.restore();
      const request = withUnsigned(sign(), HEADER, header);
      const { status, text } = await told(scene, request);
      expect(status, text).toBe(200);
      once.add(JSON.stringify(shapesOf(await rows.changes())));
      await expectSpent(scene, request, text);
      if (operation.action === 'IssueAccessKey' && !hasNonce(scheme)) {
        expect(await told(scene, withUnsigned(request, HEADER, undefined))).toMatchObject({ reason: 'NonceUsed' });
      }
      // Nor does it once the state is back.
      await obstacle.put().catch(() => undefined);
      await obstacle.clear();
      await expectSpent(scene, request, text);
    }
    expect(once.size).toBe(1);

    // While others are sending it too.
    await rows.restore();
    const shared = sign();
    const processes = Array.from({ length: 4 }, () => estate.anotherProcess());
    const answers = await Promise.all(processes.map((process) => told(scene, shared, process)));
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect(JSON.stringify(shapesOf(await rows.changes()))).toBe([...once][0]);
  });

  testInTurn('never acts once it was refused, though nothing stands against it any more', async () => {
    const scene = await begin();
    const { obstacle, rows, sign } = scene;
    await obstacle.put();
    const request = sign();
    const { status, text } = await told(scene, request);
    expect([400, 403, 404, 409], text).toContain(status);
    await obstacle.clear();
    await expectSpent(scene, request);
    expect(await rows.changes()).toEqual([]);
    // A request of its own acts: it was not the state that kept the other from it.
    expect((await told(scene, sign())).status).toBe(200);
  });

  testInTurn('does not act without the unsigned header under which it has repeated another', async () => {
    const scene = await begin();
    const { estate, rows, sign } = scene;
    const token = randomUUID();
    const first = await told(scene, withUnsigned(sign(), HEADER, token));
    const retry = withUnsigned(sign(), HEADER, token);
    expect((await told(scene, retry, estate.anotherProcess())).text).toBe(first.text);
    await expectSpent(scene, retry, first.text);
    // Nor once the token is forgotten.
    const before = await rows.changes();
    estate.advance(2 * DAY_MS);
    await told(scene, retry, estate.anotherProcess());
    expect(await rows.changes()).toEqual(before);
  });
});

/** What no signature covers, and how a call is refused for it: the client has sent one, and somebody else puts another in its place. */
const unsignedParts = [
  ['a token that none can be', HEADER, ['x'.repeat(65), undefined], schemeNames],
  ['several tokens', HEADER, ['one, two', 'one'], schemeNames],
  ['an unsigned type that no body has', 'Content-Type', ['text/plain', form], ['volcengine', 'sigv4']],
  ['an unsigned type that its form does not have', 'Content-Type', ['application/json', form], ['volcengine', 'sigv4']],
] as const;

describe.each(unsignedParts)('a call that is refused for %s', (_, name, [sent, instead], all) => {
  test.each(all)('does not act under another, nor without: %s', async (scheme) => {
    const operation = mutations.find(({ action }) => action === 'AllocateCredit');
    if (operation === undefined) throw new Error('there is no AllocateCredit');
    const { estate, example } = await stage(operation);
    const rows = await snapshotOf(estate);
    const sign = () => (name === HEADER ? schemes[scheme](operation, example) : signedForm(scheme, operation, example));
    const request = sign();
    const refused = await told({ estate }, withUnsigned(request, name, sent));
    expect([400, 415]).toContain(refused.status);
    for (const value of [instead, sent, undefined]) {
      for (const process of [undefined, estate.anotherProcess()]) {
        const again = await told({ estate }, withUnsigned(request, name, value), process);
        expect([400, 415], again.text).toContain(again.status);
      }
    }
    expect(await rows.changes()).toEqual([]);
    // One that has acted is not refused for what it is repeated with.
    const other = sign();
    const first = await told({ estate }, withUnsigned(other, name, instead));
    expect(first.status, first.text).toBe(200);
    const repeated = await told({ estate }, withUnsigned(other, name, sent), estate.anotherProcess());
    if (hasNonce(scheme)) expect(repeated.reason).toBe('NonceUsed');
    else expect(repeated.text).toBe(first.text);
  });
});

/** The parameters as a form whose type the signature does not cover. */
function signedForm(scheme: Scheme, operation: Operation, { by, params }: Example): Bytes {
  const query = `Action=${operation.action}&Version=${operation.product.version}`;
  const body = queryOf({ ...params, Call: randomUUID() });
  if (scheme === 'sigv4') return signedSigv4(by, '/', query, body);
  const { keyId, secret } = by;
  const signing = { keyId, secret, nowMs: Date.now(), method: 'POST', path: '/', query, body: Buffer.from(body) };
  const { headers, url } = signVolcengine(signing);
  return [url, { method: 'POST', headers, body }];
}

describe('a call that is refused before it is run, though its signature is right', () => {
  const refusals: [Scheme, string, Altered, string][] = [
    ['acs3', 'its time, a day too early', { ahead: DAY_MS }, 'InvalidTimeStamp.Expired'],
    ['rpc', 'its time, a day too early', { ahead: DAY_MS }, 'InvalidTimeStamp.Expired'],
    ['volcengine', 'its time, a day too early', { ahead: DAY_MS }, 'InvalidTimestamp'],
    ['volcengineQuery', 'its time, a day too early', { ahead: DAY_MS }, 'InvalidTimestamp'],
    ['sigv4', 'its time, a day too early', { ahead: DAY_MS }, 'RequestExpired'],
    ['volcengine', 'a token that is not signed', { name: 'X-Security-Token', value: 'none' }, 'InvalidSecretToken'],
    ['volcengine', 'a hash that is not signed', { name: 'X-Content-Sha256', value: 'none' }, 'SignatureDoesNotMatch'],
    ['sigv4', 'a hash', { name: 'X-Amz-Content-Sha256', value: '0'.repeat(64) }, 'SignatureDoesNotMatch'],
    ['rpc', 'its path', { path: '/bss/GetAccountRelation' }, 'InvalidApi.NotFound'],
    [
      'rpc',
      'a body that it cannot sign',
      { name: 'Content-Type', value: 'text/plain', body: 'x' },
      'IncompleteSignature',
    ],
  ];

  test.each(refusals)('%s, for %s, does not act once that is mended', async (scheme, _, altered, code) => {
    const { estate, example } = await stage(allocating());
    const rows = await snapshotOf(estate);
    const start = Date.now();
    try {
      vi.setSystemTime(start + (altered.ahead ?? 0));
      const request = schemes[scheme](allocating(), example);
      vi.setSystemTime(start);
      for (const process of [undefined, estate.anotherProcess()]) {
        const { status, text } = await told({ estate }, alter(request, altered), process);
        expect(codeOf({ status, text })).toBe(code);
      }
      expect(await rows.changes()).toEqual([]);
      for (const laterMs of [0, 14 * 60_000]) {
        vi.setSystemTime(start + (altered.ahead ?? 0) + laterMs);
        const mended = await told({ estate }, request, estate.anotherProcess());
        expect(mended.reason, mended.text).toBe('NonceUsed');
      }
      expect(await rows.changes()).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  test.each(schemeNames)('leaves nothing, and costs no write, if it is wrong: %s', async (scheme) => {
    const { estate, example } = await stage(allocating());
    const before = await estate.dump();
    try {
      vi.setSystemTime(Date.now() + DAY_MS);
      const request = schemes[scheme](allocating(), { ...example, by: { ...example.by, secret: 'wrong' } });
      vi.useRealTimers();
      expect((await told({ estate }, request)).status).toBeGreaterThanOrEqual(400);
      expect(estate.logged.at(-1)).toMatchObject({ writeUnits: 0 });
      expect(await estate.dump()).toEqual(before);
    } finally {
      vi.useRealTimers();
    }
  });
});

/** What is sent otherwise than it was signed. */
interface Altered {
  readonly ahead?: number;
  readonly name?: string;
  readonly value?: string;
  readonly path?: string;
  readonly body?: string;
}

function alter([url, init]: Bytes, { body, name, path, value }: Altered): Bytes {
  const sent: Bytes = [path ? url.replace(/^[^?]*/, path) : url, { ...init, ...(body && { body }) }];
  return name ? withUnsigned(sent, name, value) : sent;
}

function allocating(): Operation {
  const operation = mutations.find(({ action }) => action === 'AllocateCredit');
  if (operation === undefined) throw new Error('there is no AllocateCredit');
  return operation;
}

describe("an operator's key that was revoked elsewhere", () => {
  const inactive = {
    acs3: 'InvalidAccessKeyId.Inactive',
    rpc: 'InvalidAccessKeyId.Inactive',
    volcengine: 'InvalidAccessKey',
    volcengineQuery: 'InvalidAccessKey',
    sigv4: 'InvalidClientTokenId',
  } as const;

  const own = mutations.filter(({ access }) => access === 'operator').map((one) => [one.action, one] as const);

  test.each(own)('does nothing more by %s where it is remembered', async (_, operation) => {
    const { estate, example } = await stage(operation);
    const { call, operator } = estate;
    const { AccessKeyId: keyId, AccessKeySecret: secret } = (await call(operator, 'IssueAccessKey', { Operator: true }))
      .body;
    const by: Signer = { uid: 0, keyId, secret };
    const remembering = estate.anotherProcess();
    for (const scheme of schemeNames) {
      await remembering.keyring.secretOf(keyId);
      await call(operator, 'RevokeAccessKey', { AccessKeyId: keyId });
      const before = await estate.dump();
      const [path, init] = schemes[scheme](operation, { ...example, by });
      const response = await estate.send(path, init, remembering);
      const text = await response.text();
      const { status } = response;
      expect(codeOf({ status, text }), scheme).toBe(inactive[scheme]);
      expect(await estate.dump()).toEqual(before);
    }
  });
});
