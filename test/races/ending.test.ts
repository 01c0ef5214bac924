import { randomBytes } from 'node:crypto';
import { setImmediate, setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ensureTable } from '#infra/local/database.ts';
import { type Deps, openDeps } from '#lib/deps.ts';
import { clearStanding, type Standing } from '#lib/domain/account.ts';
import { systemPorts } from '#lib/ports.ts';
import { issue } from '#lib/store/accessKeys.ts';
import { register } from '#lib/store/accounts.ts';
import { putStanding } from '#lib/store/standings.ts';
import { commit, type Write } from '#lib/table/commit.ts';
import { signedJson } from '#test/billing/calls.ts';
import { commitOrder, type Image } from '#test/races/commitOrder.ts';
import { times } from '#test/support/breadth.ts';
import { testEndpoint } from '#test/support/engine.ts';
import { engineClient } from '#test/support/engineClient.ts';
import { type Answer, answerTo, type Params, type Signer, signedCall } from '#test/support/estate.ts';
import { noteRefusal } from '#test/support/refusalLog.ts';

/** They race beside each other; each alone is a race of a parent, a child and an operator. */
const LANES = times(25, 4);
/** Of each lane. */
const ROUNDS = { trusteeship: 28, management: 12 };
const SEED = 20260728;
const WEALTH = 1_000_000;

/** A pair of accounts of one company that is related anew in every round. */
interface Lane {
  readonly parent: Signer;
  readonly child: Signer;
}

const ports = { ...systemPorts, log: noteRefusal };
let tableName: string;
let endpoint: string;
let deps: Deps;
const save = (write: Write) => commit(deps.table, write);
let operator: Signer;
let nextUid = 1_800_000_000_000_000;

beforeEach(async () => {
  endpoint = await testEndpoint();
  const client = engineClient(endpoint);
  tableName = `test-${randomBytes(8).toString('hex')}`;
  deps = openDeps({ client, tableName, masterKey: Buffer.alloc(32, 7), ports, callMs: 60_000 });
  await ensureTable(client, tableName);
  operator = await keyOf(undefined);
});

async function keyOf(uid: number | undefined): Promise<Signer> {
  const keyId = ports.ids.accessKeyId();
  await save(issue({ keyId, uid, active: true, createdAtMs: Date.now() }));
  return { uid: uid ?? 0, keyId, secret: deps.keyring.derive(keyId) };
}

async function newAccount(): Promise<Signer> {
  const uid = ++nextUid;
  await save(register({ uid, name: `login${uid}@test`, legalName: 'Acme', createdAtMs: Date.now() }, 'given'));
  return keyOf(uid);
}

const newLanes = (): Promise<Lane[]> =>
  Promise.all(Array.from({ length: LANES }, async () => ({ parent: await newAccount(), child: await newAccount() })));

async function answered([path, init]: readonly [path: string, init: RequestInit]): Promise<Answer> {
  const response = await answerTo(path, init, deps);
  return { status: response.status, body: await response.json() };
}

const call = (by: Signer, action: string, params: Params) =>
  answered(signedCall(by, action, by.uid === 0 ? '2026-01-01' : '2017-12-14', { RequestId: 'r', ...params }));

/** `done`, or the reason of the refusal, in whichever dialect. */
function outcomeOf({ status, body }: Answer): string {
  return status === 200 ? 'done' : String(body.Reason ?? body.ResponseMetadata?.Error.Reason ?? body.Code);
}

async function relate({ parent, child }: Lane, terms: Params): Promise<number> {
  const parties = { RelationType: 'enterprise_group', ParentUserId: parent.uid, ChildUserId: child.uid };
  const answer = await call(parent, 'AddAccountRelation', { ...parties, ...terms });
  expect(outcomeOf(answer)).toBe('done');
  return answer.body.Data.RelationId;
}

type Dialect = 'alibaba' | 'volcengine';

function end({ parent, child }: Lane, id: number, Relation: 1 | 4, dialect: Dialect): Promise<Answer> {
  if (dialect === 'alibaba') return call(parent, 'RelieveAccountRelation', { RelationId: id });
  const body = { SubAccountID: child.uid, RelationID: `rel${id}`, Relation };
  return answered(signedJson(parent, 'DeleteFinancialRelation', body));
}

async function put({ uid }: Signer, standing: Standing): Promise<void> {
  const { availableBalance, arrears, openOrders } = standing;
  const params = { AvailableBalance: availableBalance, Arrears: arrears, OpenOrders: openOrders };
  expect(outcomeOf(await call(operator, 'PutAccountStanding', { Uid: uid, ...params }))).toBe('done');
}

/** Gives way to what else is going on, for as long as a plan says. */
const wait = (ms: number) => (ms === 0 ? setImmediate() : setTimeout(ms));

const moment = fc.nat({ max: 4 });
const attempt = fc.record({ dialect: fc.constantFrom<Dialect>('alibaba', 'volcengine'), after: moment });
/** Now and then a relation is ended twice at once. */
const endings = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(attempt) },
  { weight: 1, arbitrary: fc.tuple(attempt, attempt) },
);

/** The plans of all rounds of a lane: as random as they are, they are the same in every run. */
function plansOf<Plan>(plan: fc.Arbitrary<Plan>, lane: number, numRuns: number): Plan[] {
  return fc.sample(plan, { seed: SEED + lane, numRuns });
}

/** Of all endings of one relation one at most is a success, after which the others find it ended. */
function expectOneWinner(outcomes: readonly string[]): void {
  expect(outcomes.filter((outcome) => outcome === 'done').length).toBeLessThanOrEqual(1);
  if (outcomes.includes('RelationEnded')) expect(outcomes).toContain('done');
}

const uidOf = ({ pk }: Image) => Number(String(pk).slice('ACCOUNT#'.length));

describe('a trusteeship ended while orders, arrears and balances change', () => {
  type Party = keyof Lane;
  type State = Readonly<Record<Party, Standing>>;

  const troubles = {
    openOrders: { openOrders: 1 },
    arrears: { arrears: 1 },
    overdrawn: { availableBalance: -1 },
    none: {},
  } as const;

  const step = fc.record({
    party: fc.constantFrom<Party>('child', 'parent'),
    trouble: fc.constantFrom('openOrders', 'arrears', 'overdrawn', 'none', 'none'),
    after: moment,
  } as const);
  const plan = fc.record({ before: fc.option(step), during: fc.array(step, { minLength: 1, maxLength: 2 }), endings });

  /** Which of the guards hold, by the reason they refuse for. */
  const guardsIn = ({ child, parent }: State): Record<string, boolean> => ({
    OrdersOpen: child.openOrders > 0,
    ChildInArrears: child.arrears > 0 || child.availableBalance < 0,
    ParentOverdrawn: parent.availableBalance < 0,
  });

  const isClear = (state: State) => !Object.values(guardsIn(state)).includes(true);

  /** What an account's standing has been put to, in turn, and the ticks at which that was begun and known to be done. */
  interface Era {
    readonly state: State;
    readonly begun: number;
    done: number;
  }

  const seen: Record<string, number> = {};
  let tick = 0;

  async function round(lane: Lane, { before, during, endings: planned }: Plan) {
    const eras: Era[] = [{ state: { child: clearStanding, parent: clearStanding }, begun: tick, done: tick }];
    const puts = async ({ party, trouble }: Step) => {
      const last = eras.at(-1)?.state ?? { child: clearStanding, parent: clearStanding };
      const state = { ...last, [party]: { ...clearStanding, ...troubles[trouble] } };
      const era = { state, begun: ++tick, done: Number.POSITIVE_INFINITY };
      eras.push(era);
      await put(lane[party], state[party]);
      era.done = ++tick;
    };
    const id = await relate(lane, { RoleCodes: ['trusteeship'] });
    if (before) await puts(before);
    const writing = (async () => {
      for (const one of during) {
        await wait(one.after);
        await puts(one);
      }
    })();
    const ending = planned.map(async ({ after, dialect }) => {
      await wait(after);
      const begun = ++tick;
      const outcome = outcomeOf(await end(lane, id, 1, dialect));
      return { outcome, begun, done: ++tick };
    });
    const attempts = await Promise.all(ending);
    await writing;
    const outcomes = attempts.map(({ outcome }) => outcome);
    expectOneWinner(outcomes);
    for (const { outcome, begun, done } of attempts) {
      seen[outcome] = (seen[outcome] ?? 0) + 1;
      // A standing may have been in force from the moment it was asked for until its successor was known to be.
      const possible = eras.filter((era, index) => era.begun < done && (eras[index + 1]?.done ?? Infinity) > begun);
      const isExplained = possible.some(({ state }) =>
        outcome === 'done' ? isClear(state) : guardsIn(state)[outcome],
      );
      if (outcome !== 'RelationEnded') expect(isExplained, `${outcome} of ${JSON.stringify(possible)}`).toBe(true);
    }
    const last = eras.at(-1)?.state;
    for (const party of ['child', 'parent'] as const) {
      const before = last?.[party] ?? clearStanding;
      if (before !== clearStanding) await save(putStanding(lane[party].uid, clearStanding, before));
    }
    if (!outcomes.includes('done')) expect(outcomeOf(await end(lane, id, 1, 'volcengine'))).toBe('done');
  }

  type Plan = typeof plan extends fc.Arbitrary<infer Of> ? Of : never;
  type Step = typeof step extends fc.Arbitrary<infer Of> ? Of : never;

  it('is never ended against a guard that held at its commit, nor refused for none', async () => {
    let ended = 0;
    const lanes = await newLanes();
    await Promise.all(
      lanes.map(async (lane, index) => {
        const plans = plansOf(plan, index, ROUNDS.trusteeship);
        for (const one of plans) await round(lane, one);
      }),
    );
    const standings = new Map<number, Standing>();
    for (const image of await commitOrder(endpoint, tableName)) {
      if (image['type'] === 'standing') standings.set(uidOf(image), { ...clearStanding, ...image });
      if (image['type'] !== 'relation' || image['status'] !== 'ended') continue;
      const [child, parent] = [image['childUid'], image['parentUid']].map((uid) => standings.get(Number(uid)));
      const guards = guardsIn({ child: child ?? clearStanding, parent: parent ?? clearStanding });
      expect(Object.keys(guards).filter((guard) => guards[guard])).toEqual([]);
      ended++;
    }
    expect(ended).toBe(LANES * ROUNDS.trusteeship);
    // The rounds were races: each guard decided some of them, and none all.
    for (const outcome of ['done', 'OrdersOpen', 'ChildInArrears', 'ParentOverdrawn', 'RelationEnded']) {
      expect(seen[outcome], outcome).toBeGreaterThan(LANES / 4);
    }
  });
});

describe('a management relation ended while credit is lent, taken back and spent', () => {
  const step = fc.record({ amount: fc.constantFrom(40, 25, 10, -10, -25, -40), after: moment });
  const spending = fc.record({ rest: fc.nat({ max: 60 }), after: moment });
  const plan = fc.record({
    before: fc.option(fc.constantFrom(30, 50)),
    lending: fc.array(step, { maxLength: 2 }),
    spending: fc.option(spending),
    endings,
  });
  type Plan = typeof plan extends fc.Arbitrary<infer Of> ? Of : never;

  const seen: Record<string, number> = {};
  let spendings = 0;

  const lend = ({ parent, child }: Lane, Amount: number) =>
    call(operator, 'AllocateCredit', { ParentUid: parent.uid, ChildUid: child.uid, Amount });

  /** What a child has left after spending. Every time its arrears, no guard of management, tell this from a movement of credit. */
  const spend = ({ child }: Lane, rest: number) =>
    put(child, { ...clearStanding, availableBalance: rest, arrears: ++spendings });

  async function round(lane: Lane, { before, lending, spending: spent, endings: planned }: Plan): Promise<void> {
    const id = await relate(lane, { PermissionCodes: ['SYNCHRONIZE_FINANCE_IDENTITY'] });
    if (before !== null) expect(outcomeOf(await lend(lane, before))).toBe('done');
    const lendingAll = (async () => {
      for (const { amount, after } of lending) {
        await wait(after);
        const outcome = outcomeOf(await lend(lane, amount));
        expect(['done', 'CreditBeyondLent', 'CreditBeyondBalance', 'RelationUnknown']).toContain(outcome);
      }
    })();
    const spendingIt = (async () => {
      if (spent === null) return;
      await wait(spent.after);
      await spend(lane, spent.rest);
    })();
    const ending = planned.map(async ({ after, dialect }) => {
      await wait(after);
      return outcomeOf(await end(lane, id, 4, dialect));
    });
    const outcomes = await Promise.all(ending);
    await Promise.all([lendingAll, spendingIt]);
    expectOneWinner(outcomes);
    for (const outcome of outcomes) {
      seen[outcome] = (seen[outcome] ?? 0) + 1;
      expect(['done', 'LentCreditSpent', 'RelationEnded']).toContain(outcome);
      if (outcome === 'LentCreditSpent') expect(spent).not.toBeNull();
    }
    if (outcomes.includes('done')) return;
    await spend(lane, WEALTH);
    expect(outcomeOf(await end(lane, id, 4, 'volcengine'))).toBe('done');
  }

  it('conserves money to the unit at every commit, and never ends with credit spent', async () => {
    let checked = 0;
    let ended = 0;
    const lanes = await newLanes();
    for (const { parent } of lanes) await put(parent, { ...clearStanding, availableBalance: WEALTH });
    await Promise.all(
      lanes.map(async (lane, index) => {
        const plans = plansOf(plan, LANES + index, ROUNDS.management);
        for (const one of plans) await round(lane, one);
      }),
    );
    const books = new Map(lanes.map(({ parent, child }) => [parent.uid, openBook(parent.uid, child.uid)]));
    const bookOf = new Map(
      [...books.values()].flatMap((book) => [book.parentUid, book.childUid].map((uid) => [uid, book])),
    );
    for (const image of await commitOrder(endpoint, tableName)) {
      if (image['type'] === 'standing') bookOf.get(uidOf(image))?.standing(image);
      if (image['type'] === 'relation') bookOf.get(Number(image['parentUid']))?.relation(image);
      const book = image['type'] === 'event' ? ofRelation(bookOf, Number(image['id'])) : undefined;
      if (book === undefined) continue;
      // The record of what happened comes last in its transaction: all that moved has moved by then.
      expect(book.balanced()).toEqual({ parent: WEALTH, child: 0 });
      if (image['event'] === 'end') expect(book.isTakenBackWhole(), JSON.stringify(image)).toBe(true);
      if (image['event'] === 'end') ended++;
      checked++;
    }
    for (const { parent } of lanes) {
      const { body } = await call(operator, 'DescribeAccountStanding', { Uid: parent.uid });
      expect(body.AvailableBalance).toBe(WEALTH);
    }
    expect(ended).toBe(LANES * ROUNDS.management);
    // Of each round at least its beginning and its end, and beside them the credit that moved.
    expect(checked).toBeGreaterThan(LANES * ROUNDS.management * 2);
    for (const outcome of ['done', 'LentCreditSpent', 'RelationEnded']) {
      expect(seen[outcome], outcome).toBeGreaterThan(LANES / 4);
    }
  });

  /** What the accounts of a lane have, in the order of commits. */
  interface Book {
    readonly parentUid: number;
    readonly childUid: number;
    readonly relations: Set<number>;
    standing(image: Image): void;
    relation(image: Image): void;
    /** The parent's own money, wherever it is, and what the child has beyond its own and what was lent to it. */
    balanced(): { parent: number; child: number };
    /** Whether the last relation, when it ended, left the child what is its own, if credit was lent along it. */
    isTakenBackWhole(): boolean;
  }

  function ofRelation(books: ReadonlyMap<number, Book>, id: number): Book | undefined {
    return [...books.values()].find(({ relations }) => relations.has(id));
  }

  function openBook(parentUid: number, childUid: number): Book {
    const balance = { parent: 0, child: 0, own: 0 };
    const relations = new Set<number>();
    let spent = 0;
    let lent = 0;
    let lentBefore = 0;
    return {
      parentUid,
      childUid,
      relations,
      standing(image) {
        const now = Number(image['availableBalance']);
        if (uidOf(image) === parentUid) balance.parent = now;
        else {
          if (image['arrears'] !== undefined && Number(image['arrears']) !== spent) balance.own += now - balance.child;
          spent = Number(image['arrears'] ?? spent);
          balance.child = now;
        }
      },
      relation(image) {
        relations.add(Number(image['id']));
        lentBefore = lent;
        lent = Number(image['lentCredit'] ?? 0);
      },
      balanced: () => ({ parent: balance.parent + lent, child: balance.child - lent - balance.own }),
      isTakenBackWhole: () => lent === 0 && (lentBefore === 0 || balance.child >= 0),
    };
  }
});
