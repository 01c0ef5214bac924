import fc from 'fast-check';
import { expect } from 'vitest';
import { phaseOf, type RelationEvent, type RelationStatus } from '#lib/domain/relation/relation.ts';
import {
  changedAtMs,
  decide,
  decideBeginning,
  type Entry,
  eventsOf,
  fire,
  haveSameName,
  type Ledger,
  type Named,
  standing,
} from '#test/model/ledger.ts';
import type { Answer, Estate, Params, Signer } from '#test/support/estate.ts';

/** The app under test: its accounts, in the model's order, and its clock. */
export interface App {
  readonly estate: Estate;
  readonly signers: readonly Signer[];
}

export type Command = fc.AsyncCommand<Ledger, App, true>;

const DAY_MS = 24 * 60 * 60 * 1000;
const UNKNOWN_UID = 1_999_999_999_999_999;
const UNKNOWN_ID = 4711;
export const legalNames = ['Alpha', 'Alpha', 'Alpha', 'Beta', ''];

const codes = [
  'CHECK_FINANCE_INFO',
  'CHECK_TARGET_CONSUMPTION',
  'FORBID_MANAGE_INVOICE',
  'FORBID_WITHDRAW_CASH',
  'MANAGE_TARGET_INVOICE',
  'SYNCHRONIZE_FINANCE_DISCOUNT_POLICY_TO_TARGET',
  'SYNCHRONIZE_FINANCE_IDENTITY',
];

const statusNames = {
  inviting: 'CONFIRMING',
  active: 'RELATED',
  changing: 'CHANGE_CONFIRMING',
  declined: 'REJECTED',
  withdrawn: 'CONNECTION_MASTER_CANCEL',
  expired: 'CONNECTION_MASTER_CANCEL',
  ended: 'CONNECTION_CANCELED',
} as const satisfies Record<RelationStatus, string>;

export const stateNames = ['INITIAL', ...new Set(Object.values(statusNames))];

const account = fc.nat({ max: legalNames.length - 1 });
const codeSet = fc.subarray(codes, { maxLength: 3 });
const someCodes = fc.subarray(codes, { minLength: 1, maxLength: 3 });
const nick = fc.constantFrom(undefined, undefined, 'one', 'two');
/** Mostly the latest, so that sequences keep to one relation for a while. */
const which = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 3 }));
/** Mostly who may act, now and then anybody. */
const actor = fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, account);
const naming = fc.oneof(
  { weight: 9, arbitrary: fc.constant('id') },
  { weight: 4, arbitrary: fc.constantFrom('parties', 'all') },
  { weight: 3, arbitrary: fc.constantFrom('otherParent', 'otherChild', 'unknown') },
);

function uidOf({ signers }: App, position: number): number {
  return signers[position]?.uid ?? UNKNOWN_UID;
}

function signerOf({ signers }: App, position: number): Signer {
  const signer = signers[position];
  if (signer === undefined) throw new RangeError(`there is no account ${position}`);
  return signer;
}

type TermsOf<Terms> = Terms extends fc.Arbitrary<infer T> ? T : never;

/** What an answer came to, in the words of the model. */
function outcomeOf({ status, body }: Answer): string {
  return status === 200 ? 'done' : String(body.Reason ?? body.Code);
}

/** A command of the model; `shown` is what a failing sequence prints of it. */
function command(
  shown: string,
  run: Command['run'],
  check: (ledger: Readonly<Ledger>) => boolean = () => true,
): Command {
  return { check: async (ledger) => check(ledger), run, toString: () => shown };
}

/** That there is a relation to speak of; without one, a sequence would be spent on calls that all come to the same. */
function isUnderWay({ entries }: Readonly<Ledger>): boolean {
  return entries.length > 0;
}

/** The relation a command means, counted from the latest, and how its caller names it. */
function meant(ledger: Ledger, app: App, fromLatest: number, how: string) {
  const latest = ledger.entries.length - 1;
  const entry = ledger.entries[latest - Math.min(fromLatest, latest)];
  if (entry === undefined || how === 'unknown')
    return { found: undefined, entry, params: { RelationId: UNKNOWN_ID }, named: {} };
  const parties = { ParentUserId: uidOf(app, entry.parent), ChildUserId: uidOf(app, entry.child) };
  const RelationType = 'enterprise_group';
  const beside = (params: Params, named: Named) => ({ found: entry, entry, params, named });
  const other = (position: number) => (position + 1) % legalNames.length;
  switch (how) {
    case 'parties': {
      const last = ledger.entries.findLast(({ child, parent }) => child === entry.child && parent === entry.parent);
      return { found: last, entry, params: { ...parties, RelationType }, named: {} };
    }
    case 'all':
      return beside({ RelationId: entry.id, ...parties, RelationType }, {});
    case 'otherParent': {
      const parent = other(entry.parent);
      return beside({ RelationId: entry.id, ParentUserId: uidOf(app, parent) }, { parent });
    }
    case 'otherChild': {
      const child = other(entry.child);
      return beside({ RelationId: entry.id, ChildUserId: uidOf(app, child) }, { child });
    }
    default:
      return beside({ RelationId: entry.id }, {});
  }
}

/** Holds the relation the app shows to its parent against the model. */
async function compare(ledger: Ledger, app: App, entry: Entry): Promise<void> {
  const { estate } = app;
  const status = standing(ledger, entry);
  const isPast = phaseOf(status) === 'past';
  const got = await estate.call(signerOf(app, entry.child), 'GetAccountRelation', { RelationId: entry.id });
  expect(got.body.Data).toEqual({
    Id: entry.id,
    ParentUserId: uidOf(app, entry.parent),
    ChildUserId: uidOf(app, entry.child),
    Type: 'enterprise_group',
    Status: statusNames[status],
    GmtModified: changedAtMs(ledger, entry),
    ...(entry.sinceMs !== undefined && { StartTime: entry.sinceMs }),
    ...(isPast && { EndTime: changedAtMs(ledger, entry) }),
  });
  const queried = await estate.call(signerOf(app, entry.parent), 'QueryPermissionList', { RelationId: entry.id });
  const { PermissionList, State } = queried.body.Data;
  expect(State).toBe(statusNames[status]);
  const open: string[] = PermissionList.filter((row: { EndTime?: string }) => row.EndTime === undefined).map(
    (row: { PermissionCode: string }) => row.PermissionCode.toUpperCase().replace(/^ALLOW_/, ''),
  );
  expect(open.toSorted()).toEqual(phaseOf(status) === 'inEffect' ? entry.granted : []);
}

/** Holds one page of an account's list against the model. */
export async function compareList(
  ledger: Ledger,
  app: App,
  { of, states, page, size }: { of: number; states: readonly string[]; page: number; size: number },
): Promise<void> {
  const wanted = states.length > 0 ? states : ['RELATED', 'CHANGE_CONFIRMING'];
  const all = ledger.entries
    .filter(({ parent, child }) => parent === of || child === of)
    .filter((entry) => wanted.includes(statusNames[standing(ledger, entry)]));
  const params = { UserId: uidOf(app, of), StatusList: states, PageNum: page, PageSize: size };
  const { body } = await app.estate.call(signerOf(app, of), 'QueryRelationList', params);
  expect(body.Data).toMatchObject({
    PageNum: page,
    PageSize: size,
    TotalCount: all.length,
    FinancialRelationInfoList: all.slice((page - 1) * size, page * size).map((entry) => ({
      RelationId: entry.id,
      RelationType: entry.policy === 'management' ? 'FinancialManagement' : 'FinancialTrusteeship',
      State: statusNames[standing(ledger, entry)],
      AccountId: uidOf(app, entry.parent === of ? entry.child : entry.parent),
      AccountType: entry.parent === of ? 'MEMBER' : 'MASTER',
      AccountNickName: entry.parent === of ? entry.nick : '',
    })),
  });
}

const additions = fc.record({
  parent: account,
  child: fc.oneof({ weight: 9, arbitrary: account }, fc.constant(legalNames.length)),
  actor,
  policy: fc.constantFrom('management' as const, 'management' as const, 'trusteeship' as const),
  codes: fc.oneof({ weight: 6, arbitrary: someCodes }, codeSet),
  nick,
});

function add(terms: TermsOf<typeof additions>): Command {
  return command(`Add ${JSON.stringify(terms)}`, async (ledger, app) => {
    const { parent, child, policy, codes } = terms;
    const by = terms.actor ?? parent;
    const decision = decideBeginning(ledger, { parent, child, policy, actor: by, codes: codes.length });
    const answer = await app.estate.call(signerOf(app, by), 'AddAccountRelation', {
      RelationType: 'enterprise_group',
      ParentUserId: uidOf(app, parent),
      ChildUserId: uidOf(app, child),
      RequestId: 'r',
      PermissionCodes: codes,
      RoleCodes: policy === 'trusteeship' ? ['trusteeship'] : [],
      ChildNick: terms.nick,
    });
    expect(outcomeOf(answer)).toBe('refused' in decision ? decision.refused : 'done');
    if ('refused' in decision) return;
    const id: number = answer.body.Data.RelationId;
    const blank = { granted: [], offered: [], deadlineMs: 0, sinceMs: undefined, changedAtMs: 0 };
    const entry: Entry = { id, parent, child, policy, nick: terms.nick ?? '', status: 'inviting', ...blank };
    fire(ledger, entry, decision.event, decision.event === 'invite' ? { offer: codes } : { grant: codes });
    ledger.entries.push(entry);
    await compare(ledger, app, entry);
  });
}

const confirmCodes = { agree: 'child_agree', disagree: 'child_disagree', withdraw: 'parent_cancel' };

const confirmations = fc.record({
  which,
  naming,
  actor,
  how: fc.constantFrom('agree' as const, 'agree' as const, 'disagree' as const, 'withdraw' as const),
  codes: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, someCodes),
});

function confirm(terms: TermsOf<typeof confirmations>): Command {
  return command(
    `Confirm ${JSON.stringify(terms)}`,
    async (ledger, app) => {
      const { entry, found, named, params } = meant(ledger, app, terms.which, terms.naming);
      const by = terms.actor ?? (terms.how === 'withdraw' ? entry?.parent : entry?.child) ?? 0;
      // Never none: an empty list is as good as a missing parameter.
      const asOffered = entry && entry.offered.length > 0 ? entry.offered : codes.slice(0, 1);
      const confirmed = terms.codes ?? asOffered;
      const events = eventsOf[terms.how];
      const decision = decide(ledger, found, { actor: by, events, named, codes: confirmed });
      const answer = await app.estate.call(signerOf(app, by), 'ConfirmRelation', {
        ...params,
        ConfirmCode: confirmCodes[terms.how],
        RequestId: 'r',
        PermissionCodes: confirmed,
      });
      await settle(ledger, app, { answer, decision, found });
    },
    isUnderWay,
  );
}

const modify = fc
  .record({ which, naming, actor, operation: fc.constantFrom('ADD', 'DELETE'), codes: codeSet, nick })
  .map((terms) =>
    command(
      `Modify ${JSON.stringify(terms)}`,
      async (ledger, app) => {
        const { entry, found, named, params } = meant(ledger, app, terms.which, terms.naming);
        const by = terms.actor ?? entry?.parent ?? 0;
        const decision = decide(ledger, found, { actor: by, events: eventsOf.modify, named });
        const answer = await app.estate.call(signerOf(app, by), 'ModifyAccountRelation', {
          ...params,
          RelationOperation: terms.operation,
          RequestId: 'r',
          PermissionCodes: terms.codes,
          ChildNick: terms.nick,
        });
        if (found === undefined || 'refused' in decision) return settle(ledger, app, { answer, decision, found });
        const wanted =
          terms.operation === 'ADD'
            ? [...new Set([...found.granted, ...terms.codes])].toSorted()
            : found.granted.filter((code) => !terms.codes.includes(code));
        const isAltered = wanted.length !== found.granted.length;
        const isRenamed = terms.nick !== undefined && terms.nick !== found.nick;
        const awaits = isAltered && !haveSameName(ledger, found.parent, found.child);
        const effects = { nick: terms.nick, ...(awaits ? { offer: wanted } : { grant: wanted }) };
        const change = awaits ? ('proposeChange' as const) : ('change' as const);
        const event = isAltered || isRenamed ? change : undefined;
        await settle(ledger, app, { answer, decision: { event }, found, effects });
      },
      isUnderWay,
    ),
  );

const relieve = fc.record({ which, naming, actor }).map((terms) =>
  command(
    `Relieve ${JSON.stringify(terms)}`,
    async (ledger, app) => {
      const { entry, found, named, params } = meant(ledger, app, terms.which, terms.naming);
      const by = terms.actor ?? entry?.parent ?? 0;
      const decision = decide(ledger, found, { actor: by, events: eventsOf.relieve, named });
      const signer = signerOf(app, by);
      const answer = await app.estate.call(signer, 'RelieveAccountRelation', { ...params, RequestId: 'r' });
      await settle(ledger, app, { answer, decision, found });
    },
    isUnderWay,
  ),
);

interface Settling {
  readonly answer: Answer;
  readonly decision: { readonly refused: string } | { readonly event: RelationEvent | undefined };
  readonly found: Entry | undefined;
  readonly effects?: Parameters<typeof fire>[3];
}

/** Holds an answer against what the model decided, moves the model, and holds the relation against it. */
async function settle(ledger: Ledger, app: App, { answer, decision, found, effects }: Settling): Promise<void> {
  expect(outcomeOf(answer)).toBe('refused' in decision ? decision.refused : 'done');
  if (found === undefined) return;
  if ('event' in decision && decision.event) fire(ledger, found, decision.event, effects);
  await compare(ledger, app, found);
}

const turn = fc.constantFrom(1, DAY_MS, DAY_MS, 7 * DAY_MS, 15 * DAY_MS - 1, 15 * DAY_MS).map((ms) =>
  command(`Turn ${ms}`, async (ledger, app) => {
    ledger.nowMs += ms;
    app.estate.advance(ms);
  }),
);

const get = fc.record({ which, naming: fc.constantFrom('id', 'unknown'), actor }).map((terms) =>
  command(
    `Get ${JSON.stringify(terms)}`,
    async (ledger, app) => {
      const { entry, found, params } = meant(ledger, app, terms.which, terms.naming);
      const by = terms.actor ?? entry?.parent ?? 0;
      const isParty = found !== undefined && (by === found.parent || by === found.child);
      for (const action of ['GetAccountRelation', 'QueryPermissionList']) {
        const answer = await app.estate.call(signerOf(app, by), action, params);
        expect(outcomeOf(answer), action).toBe(isParty ? 'done' : 'RelationUnknown');
      }
      if (isParty) await compare(ledger, app, found);
    },
    isUnderWay,
  ),
);

const list = fc
  .record({
    of: account,
    by: actor,
    states: fc.oneof(fc.subarray(stateNames, { maxLength: 1 }), fc.subarray(stateNames)),
    page: fc.constantFrom(1, 1, 2, 3),
    size: fc.constantFrom(1, 2, 20),
  })
  .map((terms) =>
    command(`List ${JSON.stringify(terms)}`, async (ledger, app) => {
      const { of, by = of } = terms;
      if (by === of) return compareList(ledger, app, terms);
      const answer = await app.estate.call(signerOf(app, by), 'QueryRelationList', { UserId: uidOf(app, of) });
      expect(outcomeOf(answer)).toBe('CallerNotParty');
    }),
  );

const adding = additions.map(add);
const confirming = confirmations.map(confirm);

/** All that can be asked of relations; those that move one come more often. */
export const commands: fc.Arbitrary<Command>[] = [
  ...[adding, adding, confirming, confirming, confirming, modify, modify, relieve],
  ...[turn, get, list],
];

const byRight = { actor: undefined, codes: undefined, naming: 'id', nick: undefined, which: 0 } as const;

/** A relation agreed between two companies: where a sequence may begin that is to come to changes of it. */
export const prelude: readonly Command[] = [
  add({ ...byRight, parent: 0, child: 3, policy: 'management', codes: codes.slice(0, 2) }),
  confirm({ ...byRight, how: 'agree' }),
];
