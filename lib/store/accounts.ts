import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import type { Account } from '#lib/domain/account.ts';
import type { LedgerEvent } from '#lib/domain/event.ts';
import { Refusal } from '#lib/errors.ts';
import { accountKey, accountRank, emailKey, inRegistry } from '#lib/store/keys.ts';
import { eventRecord, type Facts, type Owners } from '#lib/store/ledger.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { allOf, anyOf, type Fragment } from '#lib/table/expressions.ts';
import { absent, create, present, put, remove, update } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row, Table } from '#lib/table/table.ts';

export const accountRow = rowKind({
  type: 'account',
  shape: v.object({
    uid: v.number(),
    name: v.string(),
    legalName: v.string(),
    email: v.optional(v.string()),
    createdAtMs: v.number(),
  }),
});

/** Whose an address is: for good, or as long as its confirmation is awaited, until a time, epoch ms. In the first schema it was always for good. */
export const emailRow = rowKind({
  type: 'email',
  shape: v.object({ uid: v.number(), untilMs: v.optional(v.number()) }),
  upgrades: [(row) => row],
});

export interface Accounts {
  find(uid: number): Promise<Account | undefined>;
  /** The same. Throws `AccountUnknown`. */
  get(uid: number): Promise<Account>;
  /** The names of at most 100 accounts, by their uids. */
  namesOf(uids: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** At most `limit` registered accounts with a uid above `afterUid`, in order of uid. */
  list(limit: number, afterUid: number): Promise<Account[]>;
}

/** The account registry of a table. */
export function openAccounts(table: Table): Accounts {
  const find: Accounts['find'] = async (uid) => {
    const row = await table.get(accountKey(uid));
    return row && accountOf(row);
  };
  return {
    find,
    async get(uid) {
      const account = await find(uid);
      if (account === undefined) throw new Refusal('AccountUnknown', { party: 'account', uid });
      return account;
    },
    async namesOf(uids) {
      const rows = uids.length === 0 ? [] : await table.getMany(uids.map(accountKey));
      const found = rows.flatMap((row) => (row ? [accountOf(row)] : []));
      return new Map(found.map(({ name, uid }) => [uid, name]));
    },
    async list(limit, afterUid) {
      const after = accountRank(afterUid);
      const { rows } = await table.page(
        {
          IndexName: 'gsi1',
          KeyConditionExpression: 'gsi1pk = :registry AND gsi1sk > :after',
          ExpressionAttributeValues: { ':registry': inRegistry(), ':after': after },
        },
        limit,
      );
      return rows.map(accountOf);
    },
  };
}

/** The account of a row; throws when the row is malformed. */
export function accountOf(row: Row): Account {
  return accountRow.read(row);
}

/** Registers an account and claims its e-mail. Refused with `AccountExists` or `EmailClaimed`; `Stale` if a random uid is taken. */
export function register(account: Account, uidWas: 'given' | 'drawn'): Write {
  const { createdAtMs, email, uid } = account;
  return [
    enterAccount(account, () => (uidWas === 'given' ? new Refusal('AccountExists', { uid }) : new Stale())),
    ...(email ? [claimEmail(email, { uid, nowMs: createdAtMs }, () => new Refusal('EmailClaimed', { email }))] : []),
  ];
}

/** Enters an account into the registry; its e-mail is claimed apart from that. */
export function enterAccount({ email, ...account }: Account, refused: () => Error): WriteItem {
  const { uid } = account;
  const place = { gsi1pk: inRegistry(), gsi1sk: accountRank(uid) };
  return create(accountRow.row(accountKey(uid), { v: 1, ...account, ...(email && { email }), ...place }), refused);
}

/** Whose claim an address becomes. Times are epoch ms; a function is asked as the write is sent. */
interface Claim {
  readonly uid: number;
  readonly nowMs: number | (() => number);
  /** Until when it is only pending; for good, unless this is given. */
  readonly untilMs?: number;
}

/** Claims an address that is nobody's, or was only until a time that has passed, or is pending for the account itself. */
export function claimEmail(email: string, { nowMs, uid, untilMs }: Claim, refused: () => Error): WriteItem {
  const row = emailRow.row(emailKey(email), { uid, ...(untilMs !== undefined && { untilMs }) });
  const lapsed: Fragment = { text: '#untilMs <= :nowMs', values: { ':nowMs': nowMs } };
  return put(row, [anyOf([absent, lapsed, pendingFor(uid)])], refused);
}

/** Makes a pending claim one for good. */
export function settleEmail(email: string, uid: number, refused: () => Error): WriteItem {
  return put(emailRow.row(emailKey(email), { uid }), [pendingFor(uid)], refused);
}

/** Gives a pending claim up: it lapses now. `otherwise` is written instead if it is not the account's any more. */
export function releaseEmail(email: string, uid: number, nowMs: number, otherwise: () => Write): WriteItem {
  return update(emailKey(email), { set: { untilMs: nowMs } }, [pendingFor(uid)], otherwise);
}

/** The addresses that are an account's own: its login and its e-mail, as far as it has claimed them. */
export async function claimedBy(table: Table, { email = '', name, uid }: Account): Promise<string[]> {
  const addresses = [...new Map([name, email].filter(Boolean).map((one) => [one.toLowerCase(), one])).values()];
  const rows = await table.getMany(addresses.map(emailKey));
  return addresses.filter((_, index) => {
    const row = rows[index];
    return row !== undefined && emailRow.read(row).uid === uid;
  });
}

/**
 * Takes an account out of the registry, so that no key is issued to it and nothing is opened with it any more. `claimed` are the addresses
 * that are its own, which are anybody's again. `Stale` if any of that is no longer so.
 */
export function closeAccount(uid: number, claimed: readonly string[], call: Call): Write {
  return [
    remove(accountKey(uid), [present], () => new Stale()),
    ...claimed.map((email) => remove(emailKey(email), [isHeldBy(uid)], () => new Stale())),
    accountEvent(uid, 'close', call),
  ];
}

function isHeldBy(uid: number): Fragment {
  return { text: '#uid = :holder', values: { ':holder': uid } };
}

function pendingFor(uid: number): Fragment {
  return allOf([{ text: 'attribute_exists(#untilMs)' }, { text: '#uid = :holder', values: { ':holder': uid } }]);
}

/**
 * Gives an account another login: the address that was claimed for it. `former` are the addresses that were its own until now: these claims
 * lapse now. `Stale` if one of them is its own no longer.
 */
export function loginBy(
  email: string,
  { former, nowMs, uid }: { readonly uid: number; readonly former: readonly string[]; readonly nowMs: number },
  refused: () => Error,
): Write {
  const lapse = (one: string) => update(emailKey(one), { set: { untilMs: nowMs } }, [isHeldBy(uid)], () => new Stale());
  return [
    update(accountKey(uid), { set: { name: email, email }, add: { v: 1 } }, [present], refused),
    ...former.map(lapse),
  ];
}

/** How the events of accounts are published (docs/events.md). */
export const accountSubject = {
  subject: 'account',
  title: 'Account',
  statuses: ['registered', 'closed'],
  key: (id: string | number) => accountKey(Number(id)),
  ownersIn: (row: Row): Owners => [accountOf(row).uid],
  detailOf: ({ id }: LedgerEvent) => ({ uid: id }),
} as const;

/** The event of a call that registers an account, changes its standing, or takes it out of the registry. */
export function accountEvent(
  uid: number,
  event: 'register' | 'changeStanding' | 'close',
  call: Call,
  facts: Facts = {},
): WriteItem {
  const from = event === 'register' ? 'nothing' : 'registered';
  const to = event === 'close' ? 'closed' : 'registered';
  return eventRecord({ subject: 'account', id: uid, owners: [uid], event, from, to, facts }, call);
}
