import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import type { Account } from '#lib/domain/account.ts';
import type { LedgerEvent } from '#lib/domain/event.ts';
import { Refusal } from '#lib/errors.ts';
import { accountKey, accountRank, emailKey, inRegistry } from '#lib/store/keys.ts';
import { eventRecord, type Facts, type Owners } from '#lib/store/ledger.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { create } from '#lib/table/items.ts';
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

export const emailRow = rowKind({ type: 'email', shape: v.object({ uid: v.number() }) });

export interface Accounts {
  find(uid: number): Promise<Account | undefined>;
  /** The same. Throws `AccountUnknown`. */
  get(uid: number): Promise<Account>;
  /** The registered accounts by uid, at most `limit`, those with a uid above `afterUid`. */
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

/** Registers an account and claims its e-mail. Refused with `AccountExists` or `EmailClaimed`; `Stale` if a drawn uid was taken. */
export function register(account: Account, uidWas: 'given' | 'drawn'): Write {
  const { email, uid, ...rest } = account;
  return [
    create(
      accountRow.row(accountKey(uid), {
        v: 1,
        uid,
        ...rest,
        ...(email && { email }),
        gsi1pk: inRegistry(),
        gsi1sk: accountRank(uid),
      }),
      () => (uidWas === 'given' ? new Refusal('AccountExists', { uid }) : new Stale()),
    ),
    ...(email ? [create(emailRow.row(emailKey(email), { uid }), () => new Refusal('EmailClaimed', { email }))] : []),
  ];
}

/** How the events of accounts are published (docs/events.md). */
export const accountSubject = {
  subject: 'account',
  title: 'Account',
  statuses: ['registered'],
  key: (id: string | number) => accountKey(Number(id)),
  ownersIn: (row: Row): Owners => [accountOf(row).uid],
  detailOf: ({ id }: LedgerEvent) => ({ uid: id }),
} as const;

/** The record of what the call does to an account. */
export function accountEvent(
  uid: number,
  event: 'register' | 'changeStanding',
  call: Call,
  facts: Facts = {},
): WriteItem {
  const from = event === 'register' ? 'nothing' : 'registered';
  return eventRecord({ subject: 'account', id: uid, owners: [uid], event, from, to: 'registered', facts }, call);
}
