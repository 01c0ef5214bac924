import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Deps } from '#lib/deps.ts';
import { INVITATION_TTL_MS, type RelationStatus } from '#lib/domain/relation/relation.ts';
import { SENDING_MS } from '#lib/table/requests.ts';
import { sent as sendBilling, signedJson } from '#test/billing/calls.ts';
import { decide, decideBeginning, type Entry, eventsOf, fire, type Ledger, standing } from '#test/model/ledger.ts';
import { allStatuses, atOnce } from '#test/races/answers.ts';
import { type Recorded, sequentialOrder } from '#test/races/sequential.ts';
import { times } from '#test/support/breadth.ts';
import { type Answer, type Estate, newEstate, type Params, type Signer, signedCall } from '#test/support/estate.ts';

const HISTORIES = times(200, 20);
const CALLERS = 16;
const PAIRS = 2;
const SEED = 20261126;
const START_MS = Date.UTC(2031, 0, 1);

const stateNames: Readonly<Record<RelationStatus, string>> = {
  inviting: 'CONFIRMING',
  active: 'RELATED',
  changing: 'CHANGE_CONFIRMING',
  declined: 'REJECTED',
  withdrawn: 'CONNECTION_MASTER_CANCEL',
  expired: 'CONNECTION_MASTER_CANCEL',
  ended: 'CONNECTION_CANCELED',
};

const offered = ['CHECK_FINANCE_INFO'];
const FURTHER = 'MANAGE_TARGET_INVOICE';
const changed = [...offered, FURTHER];
/** Volcengine's word for the end of a relation, which it names by its id. */
const DELETION = 'DeleteFinancialRelation';
const [PARENT, CHILD] = [0, 1];

/** A pair of accounts, and the relations between them as the model has them. */
interface Pair {
  readonly parent: Signer;
  readonly child: Signer;
  readonly id: number;
  /** The ids of those that were added later. */
  readonly added: number[];
  readonly history: Recorded<Ledger>[];
}

/** One kind of call on the pair's latest relation, or a reading of its first, and what the model says it comes to. */
interface Kind {
  readonly by: 'parent' | 'child';
  readonly action: string;
  readonly params: Params;
  readonly reads?: true;
  readonly lists?: true;
  explain(ledger: Ledger, answer: Answer): Ledger | undefined;
}

/** In either dialect. */
function outcomeOf({ status, body }: Answer): string {
  return status === 200 ? 'done' : String(body.ResponseMetadata?.Error.Reason ?? body.Reason ?? body.Code);
}

interface Move {
  readonly codes?: readonly string[];
  /** Which of the pair's relations, the latest unless that is said. */
  readonly nth?: number;
  /** What becomes of the relation beside its status; undefined if it is so already. */
  effects?(entry: Entry): Parameters<typeof fire>[3] | undefined;
}

/** Fires one of several events, if the model would; else it must have been refused for the model's reason. */
function moving(events: (typeof eventsOf)[keyof typeof eventsOf], actor: number, move: Move = {}) {
  const { codes = offered, effects = () => ({}), nth = -1 } = move;
  return (before: Ledger, answer: Answer): Ledger | undefined => {
    const ledger = structuredClone(before);
    const entry = ledger.entries.at(nth);
    const decision = decide(ledger, entry, { actor, events, named: {}, codes });
    if ('refused' in decision) return outcomeOf(answer) === decision.refused ? before : undefined;
    if (outcomeOf(answer) !== 'done' || entry === undefined) return undefined;
    const effect = effects(entry);
    if (effect === undefined) return before;
    fire(ledger, entry, decision.event, effect);
    return ledger;
  };
}

const onlyEvent = (wanted: string) => eventsOf.modify.filter((event) => event === wanted);

function renamed(nick: string) {
  return moving(onlyEvent('change'), PARENT, { effects: (entry) => (entry.nick === nick ? undefined : { nick }) });
}

/** Two companies agree on permissions: the child is asked. */
function proposed(operation: 'ADD' | 'DELETE', code: string) {
  return moving(onlyEvent('proposeChange'), PARENT, {
    effects({ granted }) {
      if (granted.includes(code) === (operation === 'ADD')) return undefined;
      return { offer: operation === 'ADD' ? [...granted, code].toSorted() : granted.filter((one) => one !== code) };
    },
  });
}

function invited(before: Ledger, answer: Answer): Ledger | undefined {
  const ledger = structuredClone(before);
  const terms = { parent: PARENT, child: CHILD, policy: 'management' } as const;
  const decision = decideBeginning(ledger, { ...terms, actor: PARENT, codes: offered.length });
  if ('refused' in decision) return outcomeOf(answer) === decision.refused ? before : undefined;
  if (outcomeOf(answer) !== 'done') return undefined;
  return begun(ledger, answer.body.Data.RelationId);
}

/** The same with one more invitation. */
function begun(ledger: Ledger, id: number): Ledger {
  const blank = { granted: [], offered: [], deadlineMs: 0, sinceMs: undefined, changedAtMs: 0, nick: '' };
  const entry: Entry = { id, parent: PARENT, child: CHILD, policy: 'management', status: 'inviting', ...blank };
  fire(ledger, entry, 'invite', { offer: offered });
  return { ...ledger, entries: [...ledger.entries, entry] };
}

function seen(stateOf: (body: Answer['body']) => unknown) {
  return (ledger: Ledger, answer: Answer): Ledger | undefined => {
    const [entry] = ledger.entries;
    const isSo = entry !== undefined && stateOf(answer.body) === stateNames[standing(ledger, entry)];
    return outcomeOf(answer) === 'done' && isSo ? ledger : undefined;
  };
}

/** A list is of one moment too: each relation once, as it stands, and their number. */
function listed(ledger: Ledger, answer: Answer): Ledger | undefined {
  const { FinancialRelationInfoList = [], TotalCount } = answer.body.Data ?? {};
  const rows: { RelationId: number; State: string }[] = FinancialRelationInfoList;
  const shown = rows.map(({ RelationId, State }) => [RelationId, State]);
  const wanted = ledger.entries.map((entry) => [entry.id, stateNames[standing(ledger, entry)]]);
  return isDeepStrictEqual([shown, TotalCount], [wanted, wanted.length]) ? ledger : undefined;
}

const confirming = (ConfirmCode: string, PermissionCodes = offered) => ({
  action: 'ConfirmRelation',
  params: { ConfirmCode, PermissionCodes },
});

const kinds: readonly Kind[] = [
  { by: 'parent', action: 'AddAccountRelation', params: { PermissionCodes: offered }, explain: invited },
  { by: 'child', ...confirming('child_agree'), explain: moving(eventsOf.agree, CHILD) },
  { by: 'child', ...confirming('child_disagree'), explain: moving(eventsOf.disagree, CHILD) },
  { by: 'parent', ...confirming('parent_cancel'), explain: moving(eventsOf.withdraw, PARENT) },
  ...['one', 'two'].map((ChildNick): Kind => {
    const params = { RelationOperation: 'ADD', ChildNick };
    return { by: 'parent', action: 'ModifyAccountRelation', params, explain: renamed(ChildNick) };
  }),
  { by: 'child', ...confirming('child_agree', changed), explain: moving(eventsOf.agree, CHILD, { codes: changed }) },
  ...(['ADD', 'DELETE'] as const).map((RelationOperation): Kind => {
    const params = { RelationOperation, PermissionCodes: [FURTHER] };
    return { by: 'parent', action: 'ModifyAccountRelation', params, explain: proposed(RelationOperation, FURTHER) };
  }),
  { by: 'parent', action: 'RelieveAccountRelation', params: {}, explain: moving(eventsOf.relieve, PARENT) },
  { by: 'parent', action: DELETION, params: {}, explain: moving(eventsOf.relieve, PARENT, { nth: 0 }) },
  { by: 'child', action: 'GetAccountRelation', params: {}, reads: true, explain: seen((body) => body.Data?.Status) },
  { by: 'parent', action: 'QueryPermissionList', params: {}, reads: true, explain: seen((body) => body.Data?.State) },
  ...(['parent', 'child'] as const).map((by): Kind => {
    const params = { StatusList: allStatuses };
    return { by, action: 'QueryRelationList', params, lists: true, explain: listed };
  }),
];

const call = fc.record({ pair: fc.nat(PAIRS - 1), kind: fc.constantFrom(...kinds) });
const plans = fc.sample(
  fc.record({
    calls: fc.array(call, { minLength: CALLERS, maxLength: CALLERS }),
    accepted: fc.boolean(),
    turns: fc.boolean(),
  }),
  {
    seed: SEED,
    numRuns: HISTORIES,
  },
);

function deleted(estate: Estate, { child, id, parent }: Pair, process?: Deps): Promise<Answer> {
  const body = { SubAccountID: child.uid, RelationID: `rel${id}`, Relation: 4 };
  return sendBilling(estate, signedJson(parent, DELETION, body), process);
}

async function sent(estate: Estate, by: Signer, action: string, params: Params, process?: Deps): Promise<Answer> {
  const [path, init] = signedCall(by, action, '2017-12-14', { RequestId: 'r', ...params });
  const response = await estate.send(path, init, process);
  return { status: response.status, body: await response.json() };
}

const naming = (parent: Signer, child: Signer) => ({
  RelationType: 'enterprise_group',
  ParentUserId: parent.uid,
  ChildUserId: child.uid,
});

it('every answer of sixteen callers over three processes is explained by some order of the calls', async () => {
  const clock = { nowMs: START_MS };
  const estate = await newEstate({ now: () => clock.nowMs });
  const processes = [estate.deps, estate.anotherProcess(), estate.anotherProcess()];
  const refusals = new Set<string>();
  let tick = 0;
  let happened = 0;

  async function newPair(): Promise<Pair> {
    const { parent, child } = await estate.accounts({ parent: 'Alpha', child: 'Beta' });
    const { body } = await sent(estate, parent, 'AddAccountRelation', {
      ...naming(parent, child),
      PermissionCodes: offered,
    });
    return { parent, child, id: body.Data.RelationId, added: [], history: [] };
  }

  for (const { accepted, calls, turns } of plans) {
    const invitedAtMs = clock.nowMs;
    const pairs = await Promise.all(Array.from({ length: PAIRS }, newPair));
    const accept = confirming('child_agree');
    if (accepted)
      await Promise.all(
        pairs.map((pair) =>
          sent(estate, pair.child, accept.action, { ...naming(pair.parent, pair.child), ...accept.params }),
        ),
      );
    if (turns) clock.nowMs += INVITATION_TTL_MS - SENDING_MS - 1;
    const begunAtMs = clock.nowMs;
    const turning = { begun: Number.POSITIVE_INFINITY, done: Number.POSITIVE_INFINITY };
    await atOnce(CALLERS, async (index) => {
      const { kind, pair: which } = calls[index] ?? { kind: kinds[0], pair: 0 };
      const pair = pairs[which];
      if (pair === undefined || kind === undefined) throw new RangeError(`there is no pair ${which}`);
      if (turns && index === CALLERS / 2) {
        turning.begun = ++tick;
        clock.nowMs += 1;
        turning.done = ++tick;
      }
      const begun = ++tick;
      const { uid: UserId } = pair[kind.by];
      const one = kind.reads ? { RelationId: pair.id } : naming(pair.parent, pair.child);
      const named = kind.lists ? { UserId } : one;
      const params = { ...named, ...kind.params };
      const process = processes[index % processes.length];
      const answer =
        kind.action === DELETION
          ? await deleted(estate, pair, process)
          : await sent(estate, pair[kind.by], kind.action, params, process);
      if (answer.status !== 200) refusals.add(answer.body.RequestId ?? answer.body.ResponseMetadata.RequestId);
      else if (kind.explain === invited) pair.added.push(answer.body.Data.RelationId);
      const shown = `${kind.action} ${JSON.stringify(kind.params)}: ${outcomeOf(answer)}`;
      pair.history.push({ begun, done: ++tick, shown, explain: (ledger) => kind.explain(ledger, answer) });
      return answer;
    });
    for (const { added, history, id } of pairs) {
      for (const one of [id, ...added]) {
        const events = await estate.deps.ledger.ofSubject('relation', one, 2 * CALLERS);
        expect(events.filter(({ requestId }) => refusals.has(requestId))).toEqual([]);
        happened += events.length;
      }
      const turn: Recorded<Ledger> = {
        ...turning,
        shown: 'the clock turns',
        explain: (l) => ({ ...l, nowMs: l.nowMs + 1 }),
      };
      const start = begun({ nowMs: invitedAtMs, legalNames: ['Alpha', 'Beta'], entries: [] }, id);
      for (const entry of accepted ? start.entries : []) fire(start, entry, 'accept');
      const order = sequentialOrder(turns ? [...history, turn] : history, { ...start, nowMs: begunAtMs });
      const recorded = history.map(({ begun, done, shown }) => `${begun}-${done} ${shown}`);
      expect(order, [...recorded, `${turning.begun}-${turning.done} turn`].join('\n')).toBeDefined();
    }
  }
  expect(happened).toBeGreaterThan(HISTORIES * PAIRS * 1.5);
});
