import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { operations } from '#infra/operations.ts';
import type { Deps } from '#lib/deps.ts';
import type { Operation } from '#lib/pipeline/declaration.ts';
import type { Parties } from '#test/bss/parties.ts';
import { inTurn, meets } from '#test/support/breadth.ts';
import { deployedClient } from '#test/support/deployedClient.ts';
import type { Params } from '#test/support/estate.ts';
import { mutations } from '#test/support/everyMutation.ts';
import { type Bytes, type Scheme, schemes } from '#test/support/everyScheme.ts';
import { type Example, stage, type Way, waysOf } from '#test/support/examples.ts';
import {
  type Asked,
  type Fault,
  faultCases,
  faults,
  type Line,
  noAnswers,
  openLine,
  throttled,
} from '#test/support/faultyLine.ts';
import { type Obstacle, obstacleTo } from '#test/support/obstacles.ts';
import { type Snapshot, shapesOf, snapshotOf } from '#test/support/snapshot.ts';

const isWrite = ({ isRead }: Asked) => !isRead;
const isRecordOfRefusal = ({ isRefusal }: Asked) => isRefusal;
const isRead = ({ isRead }: Asked) => isRead;

/** A server beside its table, and a Lambda function, whose client sends three times by itself. */
const clients = { local: undefined, deployed: deployedClient } as const;
type Client = keyof typeof clients;

/** A call that would succeed, a faulty line to make it over, and what it comes to. */
interface Scene {
  readonly estate: Parties;
  readonly line: Line;
  readonly rows: Snapshot;
  readonly obstacle: Obstacle;
  /** Signs the call anew. */
  sign(more?: Params): Bytes;
  /** What the call is told over the faulty line, or by another process. */
  told(request: Bytes, over?: Deps): Promise<{ status: number; reason: unknown; text: string }>;
  /** How often the call has acted; what has happened, if that is neither none nor all of it. */
  acted(): Promise<unknown>;
}

interface Case {
  readonly operation: Operation;
  readonly way?: Way;
  readonly scheme?: Scheme;
  readonly client?: Client;
  /** Which part of the faults it is held against. */
  readonly share: number;
}

const SHARES = 3;

/** The three callers of a mutation are held against all faults together; each further way against one. */
function shareOf<T>(all: readonly T[], { share }: Case): T[] {
  return all.filter((_, nth) => (share < SHARES ? nth % SHARES === share : nth === share % all.length));
}

/** What all tests of a case begin with: an estate in which its call succeeds, and what it then comes to. */
interface Beginning {
  readonly estate: Parties;
  readonly example: Example;
  readonly rows: Snapshot;
  /** What happens when the call acts once. */
  readonly once: unknown;
}

// Each test finds the estate as it was made, in a process of its own.
const beginnings = new Map<Case, Promise<Beginning>>();

function beginningOf(given: Case): Promise<Beginning> {
  const known = beginnings.get(given) ?? begin(given);
  beginnings.set(given, known);
  return known;
}

async function begin({ operation, way, scheme = 'acs3' }: Case): Promise<Beginning> {
  const { estate, example } = await stage(operation, way);
  const rows = await snapshotOf(estate);
  expect((await estate.send(...schemes[scheme](operation, example))).status).toBe(200);
  return { estate, example, rows, once: shapesOf(await rows.changes()) };
}

async function setScene(given: Case): Promise<Scene> {
  const { operation, scheme = 'acs3', client = 'local' } = given;
  const { estate, example, once, rows } = await beginningOf(given);
  await rows.restore();
  const line = await openLine(estate, clients[client]);
  // It has read the caller's key, like a process that has served it before.
  await line.process.keyring.secretOf(example.by.keyId);
  const sign: Scene['sign'] = (more) =>
    schemes[scheme](operation, { ...example, params: { ...example.params, ...more } });
  const told: Scene['told'] = async ([path, init], over = line.process) => {
    const response = await estate.send(path, init, over);
    const reason = estate.logged.at(-1)?.['reason'];
    return { status: response.status, reason, text: await response.text() };
  };
  async function acted(): Promise<unknown> {
    const changes = shapesOf(await rows.changes());
    if (changes.length === 0) return 0;
    return isDeepStrictEqual(changes, once) ? 1 : { changes, once };
  }
  return { estate, line, rows, obstacle: obstacleTo(example, estate, rows), sign, told, acted };
}

/** The three callers that a mutation's example is held against: by the usual scheme, by one without nonces, and by the other client. */
const callers: readonly (readonly [suffix: string, Omit<Case, 'operation'>])[] = [
  ['(1)', { share: 0 }],
  ['signed without a nonce', { scheme: 'volcengine', share: 1 }],
  ['deployed', { client: 'deployed', share: 2 }],
];

/** Every way of every mutation. The mutations take the callers in turn, and with them the faults. */
const cases = mutations.flatMap((operation, nth): [string, Case][] => {
  return [
    ...inTurn(callers, nth).map(([suffix, caller]): [string, Case] => [
      `${operation.action} ${suffix}`,
      { operation, ...caller },
    ]),
    ...waysOf(operation)
      .slice(1)
      .map((way, which): [string, Case] => [
        `${operation.action} (${which + 2})`,
        { operation, way, share: SHARES + 1 + which },
      ]),
  ];
});

const brief = cases.filter(([, { way }]) => way === undefined);
const furtherWays = cases.filter(([, { way }]) => way !== undefined);

/** An account without a login e-mail may be registered whatever there is. */
const refusable = brief
  .filter(([, { operation }]) => operation.action !== 'RegisterAccount')
  .concat(
    cases.filter(([, { operation, way }]) => operation.action === 'RegisterAccount' && way === waysOf(operation)[1]),
  );

/** A mutation meets every seventh kind of test, the next one the next; of its further ways every fifth meets the first kind. */
const STRIDE = 7;
const WAY_STRIDE = 5;

function meeting(kind: number, all: readonly [string, Case][]): readonly [string, Case][] {
  return all.filter((_, nth) => meets(nth, kind, STRIDE));
}

describe('of a mutation', () => {
  test.each([...meeting(0, brief), ...furtherWays.filter((_, nth) => meets(nth, 0, WAY_STRIDE))])(
    '%s, one sending that fails is made up for: it acts once',
    async (_, given) => {
      const { acted, estate, line, rows, sign, told } = await setScene(given);
      line.upset(isWrite, []);
      expect((await told(sign())).status).toBe(200);
      // Where nothing fails, the call ends with its transaction, and no record is looked for or left beside it.
      expect(line.sent.at(-1)).toEqual({ isRead: false, isRefusal: false });
      expect(line.sent.filter(isRecordOfRefusal)).toEqual([]);
      for (const [label, fault] of shareOf(faultCases, given)) {
        await rows.restore();
        line.upset(isWrite, [fault]);
        const request = sign();
        const { status, text } = await told(request);
        expect(status, `${label}: ${text}`).toBe(200);
        await line.arrive();
        await told(request, estate.anotherProcess());
        expect(await acted(), label).toBe(1);
      }
    },
  );

  test.each(meeting(1, brief))(
    '%s, none of whose sendings is answered, the outcome is told by its token',
    async (_, given) => {
      const { acted, estate, line, rows, sign, told } = await setScene(given);
      for (const [label, fault] of shareOf(faultCases, given)) {
        for (const isLate of label.includes('later') ? [false, true] : [true]) {
          await rows.restore();
          line.upset(isWrite, [], fault);
          const ClientToken = randomUUID();
          const request = sign({ ClientToken });
          expect(await told(request), label).toMatchObject({ status: 503, reason: 'OutcomeUnknown' });
          if (!isLate) await line.arrive();
          expect([0, 1], label).toContain(await acted());
          expect((await told(sign({ ClientToken }), estate.deps)).status, label).toBe(200);
          await line.arrive();
          await told(request, estate.anotherProcess());
          expect(await acted(), label).toBe(1);
        }
      }
    },
  );

  test.each(meeting(2, brief))(
    '%s, nothing is done while the table has no time, and what is done is not refused',
    async (_, given) => {
      const { acted, estate, line, rows, sign, told } = await setScene(given);
      const ClientToken = randomUUID();
      line.upset(isWrite, [], throttled);
      expect(await told(sign({ ClientToken }))).toMatchObject({ status: 503, reason: 'Busy' });
      expect(await acted()).toBe(0);
      await rows.restore();
      line.upset(isWrite, [faults['arrives, and its answer is lost']], throttled);
      expect(await told(sign({ ClientToken }))).toMatchObject({ status: 503, reason: 'OutcomeUnknown' });
      expect((await told(sign({ ClientToken }), estate.deps)).status).toBe(200);
      expect(await acted()).toBe(1);
    },
  );
});

describe('a refusal of', () => {
  /** Puts the obstacle in the way as soon as a sending has had its fault. */
  function obstructed(fault: Fault, { obstacle }: Scene): Fault {
    return async (sending) => {
      const answer = fault(sending);
      await answer.catch(() => undefined);
      await obstacle.put();
      return answer;
    };
  }

  /** The first write, and whatever else is meant once it was sent. */
  function firstWriteAnd(isMeant: (asked: Asked) => boolean): (asked: Asked) => boolean {
    let isBegun = false;
    return (asked) => {
      const isFirst = !isBegun && isWrite(asked);
      isBegun ||= isFirst;
      return isFirst || (isBegun && isMeant(asked));
    };
  }

  /** Clears the way, lets what was held arrive, and sends the call's bytes once more. */
  async function relent({ estate, line, obstacle, told }: Scene, request: Bytes): Promise<void> {
    await obstacle.clear();
    await line.arrive();
    await told(request, estate.anotherProcess());
  }

  const late = ['is given up, and arrives later', 'is still in progress, and arrives later'] as const;

  test.each(meeting(3, refusable))('%s is final, though a sending is still under way', async (_, given) => {
    const scene = await setScene(given);
    const { acted, line, rows, sign, told } = scene;
    for (const label of late) {
      for (const options of [{}, { ClientToken: randomUUID() }]) {
        await rows.restore();
        line.upset(isWrite, [obstructed(faults[label], scene)]);
        const request = sign(options);
        const { reason, status, text } = await told(request);
        expect(status, text).toBeLessThan(500);
        await relent(scene, request);
        if (status !== 200) expect(await acted(), `${label}: refused for ${reason}`).toBe(0);
      }
    }
  });

  test.each(meeting(4, refusable))('%s is not told if it has acted, though that was not heard', async (_, given) => {
    const scene = await setScene(given);
    const { line, rows, sign, told } = scene;
    for (const options of [{}, { ClientToken: randomUUID() }]) {
      await rows.restore();
      line.upset(isWrite, [obstructed(faults['arrives, and its answer is lost'], scene)]);
      expect((await told(sign(options))).status).toBe(200);
    }
  });

  test.each(meeting(5, refusable))('%s is told only once its record is kept', async (_, given) => {
    const scene = await setScene(given);
    const { acted, line, obstacle, rows, sign, told } = scene;
    for (const [label, fault] of shareOf(faultCases, given)) {
      for (const isLasting of [false, true]) {
        await rows.restore();
        await obstacle.put();
        line.upset(isRecordOfRefusal, [fault], isLasting ? fault : undefined);
        const request = sign();
        const { reason, status } = await told(request);
        if (isLasting) expect({ reason, status }, label).toEqual({ status: 503, reason: 'Busy' });
        else expect([400, 403, 404, 409], `${label}: ${reason}`).toContain(status);
        await obstacle.clear();
        await line.arrive();
        if (!isLasting) await told(request);
        expect(await acted(), label).toBe(0);
      }
    }
  });

  test.each(meeting(6, refusable))(
    '%s whose record cannot be kept is no refusal while a sending is under way',
    async (_, given) => {
      const scene = await setScene(given);
      const { acted, line, rows, sign, told } = scene;
      for (const [label, lasting] of shareOf([...faultCases, ['throttled', throttled] as const], given)) {
        await rows.restore();
        const obstructing = obstructed(faults['is given up, and arrives later'], scene);
        line.upset(firstWriteAnd(isRecordOfRefusal), [obstructing], lasting);
        const { reason, status } = await told(sign());
        if (status !== 200) expect({ reason, status }, label).toEqual({ status: 503, reason: 'OutcomeUnknown' });
        await scene.obstacle.clear();
        await line.arrive();
        if (status !== 200) expect([0, 1], label).toContain(await acted());
      }
    },
  );

  test.each(meeting(7, refusable))(
    '%s for which the table cannot be asked is none while a sending is under way',
    async (_, given) => {
      const scene = await setScene(given);
      const { acted, line, obstacle, rows, sign, told } = scene;
      for (const [label, lasting] of shareOf([...noAnswers, ['throttled', throttled] as const], given)) {
        await rows.restore();
        const obstructing = obstructed(faults['is given up, and arrives later'], scene);
        line.upset(firstWriteAnd(isRead), [obstructing], lasting);
        const { reason, status } = await told(sign({ ClientToken: randomUUID() }));
        if (status !== 200) expect({ reason, status }, label).toEqual({ status: 503, reason: 'OutcomeUnknown' });
        await obstacle.clear();
        await line.arrive();
        if (status !== 200) expect([0, 1], label).toContain(await acted());
      }
    },
  );
});

const processes = ['local', 'deployed'] as const;
/** Of all operations, every fifth meets reads that fail. */
const READ_STRIDE = 5;

describe.each(processes)('the reads of a %s process', (client) => {
  const all = operations
    .map((operation, nth) => [operation.action, operation, nth] as const)
    .filter(([, , nth]) => meets(nth, 0, READ_STRIDE))
    .filter(([, , nth]) => inTurn(processes, nth).includes(client));

  test.each(all)(
    'of %s are made again after a passing fault, and put off after a lasting one',
    async (_, operation, turn) => {
      const { estate, example } = await stage(operation);
      const rows = await snapshotOf(estate);
      /** A call by a process that knows nothing yet, whose nth read fails, and those after it if the fault lasts. */
      async function answer(fault: Fault, nth: number, isLasting: boolean) {
        if (operation.effect === 'write') await rows.restore();
        const line = await openLine(estate, clients[client]);
        let reads = 0;
        line.upset((asked) => isRead(asked) && reads++ >= nth, [fault], isLasting ? fault : undefined);
        const [path, init] = schemes.acs3(operation, example);
        const { status } = await estate.send(path, init, line.process);
        return { status, reason: estate.logged.at(-1)?.['reason'], reads };
      }
      const { reads } = await answer(throttled, Number.POSITIVE_INFINITY, false);
      for (let nth = 0; nth < reads; nth++) {
        for (const [label, fault] of inTurn(noAnswers, turn + nth)) {
          expect((await answer(fault, nth, false)).status, `read ${nth} ${label}`).toBe(200);
          expect(await answer(fault, nth, true), `read ${nth} ${label}`).toMatchObject({ status: 503, reason: 'Busy' });
        }
        expect(await answer(throttled, nth, true), `read ${nth}`).toMatchObject({ status: 503, reason: 'Busy' });
        expect(shapesOf(await rows.changes())).toEqual([]);
      }
    },
  );
});
