import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import type { Account } from '#lib/domain/account.ts';
import type { LedgerEvent } from '#lib/domain/event.ts';
import { Refusal } from '#lib/errors.ts';
import { claimEmail, freeEmail, lapseEmail } from '#lib/store/emails.ts';
import { accountKey, accountRank, inRegistry } from '#lib/store/keys.ts';
import { eventRecord, type Facts, type Owners } from '#lib/store/ledger.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { create, present, remove, update } from '#lib/table/items.ts';
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

/**
 * Takes an account out of the registry, so that no key is issued to it and no relation is opened with it. Frees `claimed`, the addresses
 * that are its own. `Stale` if the account is gone already or has lost an address.
 */
export function closeAccount(uid: number, claimed: readonly string[], call: Call): Write {
  return [
    remove(accountKey(uid), [present], () => new Stale()),
    ...claimed.map((email) => freeEmail(email, uid)),
    accountEvent(uid, 'close', call),
  ];
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
  return [
    update(accountKey(uid), { set: { name: email, email }, add: { v: 1 } }, [present], refused),
    ...former.map((one) => lapseEmail(one, uid, nowMs)),
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
