import * as v from 'valibot';
import { type Standing, untroubled } from '#lib/domain/standing.ts';
import { Refusal } from '#lib/errors.ts';
import { Stale, type Write, type WriteItem } from '#lib/store/commit.ts';
import { anyOf, type Fragment } from '#lib/store/expressions.ts';
import { check, neverRefused, update } from '#lib/store/items.ts';
import { accountKey, standingKey } from '#lib/store/keys.ts';
import type { Row, Table } from '#lib/store/table.ts';

const standingSchema = v.object({
  availableBalance: v.optional(v.number(), untroubled.availableBalance),
  arrears: v.optional(v.number(), untroubled.arrears),
  openOrders: v.optional(v.number(), untroubled.openOrders),
  frozen: v.optional(v.boolean(), untroubled.frozen),
});

export interface Standings {
  /** The standing of an account; untroubled if nothing was ever said of it. */
  get(uid: number): Promise<Standing>;
}

/** The financial standings of a table. */
export function openStandings(table: Table): Standings {
  return {
    async get(uid) {
      return standingOf(await table.get(standingKey(uid)));
    },
  };
}

/** The standing of a row, or of none. */
export function standingOf(row: Row | undefined): Standing {
  return v.parse(standingSchema, row ?? {});
}

/** Says an account's standing anew, whole. Refused with `AccountUnknown`. */
export function putStanding(uid: number, standing: Standing): Write {
  const { availableBalance, arrears, openOrders, frozen } = standing;
  return [
    check(
      accountKey(uid),
      [{ text: 'attribute_exists(#pk)' }],
      () => new Refusal('AccountUnknown', { party: 'account', uid }),
    ),
    update(
      standingKey(uid),
      {
        text: 'SET #type = :type, #availableBalance = :availableBalance, #arrears = :arrears, #openOrders = :openOrders, #frozen = :frozen',
        values: {
          ':type': 'standing',
          ':availableBalance': availableBalance,
          ':arrears': arrears,
          ':openOrders': openOrders,
          ':frozen': frozen,
        },
      },
      [],
      neverRefused,
    ),
  ];
}

/** Adds to an account's available balance, in minor units; unless `least` remains, refused as given. */
export function addBalance(uid: number, amount: number, refused: () => Error, least?: number): WriteItem {
  return update(
    standingKey(uid),
    {
      text: 'SET #type = :type, #availableBalance = if_not_exists(#availableBalance, :zero) + :amount',
      values: { ':type': 'standing', ':zero': 0, ':amount': amount },
    },
    least === undefined ? [] : [{ text: '#availableBalance >= :least', values: { ':least': least } }],
    refused,
  );
}

/** Moves an account's available balance from what was read to what is to be; `Stale` if it is no longer that. */
export function moveBalance(uid: number, before: Standing, after: Standing): WriteItem {
  const asRead: Fragment = { text: '#availableBalance = :before', values: { ':before': before.availableBalance } };
  const isUntouched = before.availableBalance === untroubled.availableBalance;
  return update(
    standingKey(uid),
    {
      text: 'SET #type = :type, #availableBalance = :after',
      values: { ':type': 'standing', ':after': after.availableBalance },
    },
    [isUntouched ? anyOf([{ text: 'attribute_not_exists(#availableBalance)' }, asRead]) : asRead],
    () => new Stale(),
  );
}

/** Which of an account's troubles stand in the way, and how each is refused; the first that holds is told. */
export interface Troubles {
  readonly frozen?: Refusal;
  readonly openOrders?: Refusal;
  readonly overdrawn?: Refusal;
  readonly arrears?: Refusal;
}

const clear = {
  frozen: { text: '#frozen = :not', values: { ':not': false } },
  openOrders: { text: '#openOrders = :none', values: { ':none': 0 } },
  overdrawn: { text: '#availableBalance >= :none', values: { ':none': 0 } },
  arrears: { text: '#arrears = :none', values: { ':none': 0 } },
} as const satisfies Record<keyof Troubles, Fragment>;

const attributes = { frozen: 'frozen', openOrders: 'openOrders', overdrawn: 'availableBalance', arrears: 'arrears' };

const holds: Readonly<Record<keyof Troubles, (standing: Standing) => boolean>> = {
  frozen: ({ frozen }) => frozen,
  openOrders: ({ openOrders }) => openOrders > 0,
  overdrawn: ({ availableBalance }) => availableBalance < 0,
  arrears: ({ arrears }) => arrears > 0,
};

/** Lets a transaction pass only while the account has none of the troubles. An account nothing was said of has none. */
export function checkUntroubled(uid: number, troubles: Troubles): WriteItem {
  const named = (['frozen', 'openOrders', 'overdrawn', 'arrears'] as const).filter((trouble) => troubles[trouble]);
  const conditions = named.map((trouble) =>
    anyOf([{ text: `attribute_not_exists(#${attributes[trouble]})` }, clear[trouble]]),
  );
  return check(standingKey(uid), conditions, (row) => {
    const found = named.find((trouble) => holds[trouble](standingOf(row)));
    return (found && troubles[found]) ?? neverRefused(row);
  });
}
