import { beforeAll, describe, expect, it } from 'vitest';
import {
  phaseOf,
  type Relation,
  type RelationEvent,
  type RelationStatus,
  relationStatuses,
} from '#lib/domain/relation/relation.ts';
import { asChild, listingKey, phaseRank, relationKey, tallyKey } from '#lib/store/keys.ts';
import { fire } from '#lib/store/relations/moves.ts';
import { SMALL } from '#lib/store/relations/readings.ts';
import { openRelationLists } from '#lib/store/relations/relationLists.ts';
import { rowOf } from '#lib/store/relations/rows.ts';
import { commit } from '#lib/table/commit.ts';
import { metered, unused } from '#lib/table/requests.ts';
import type { Action } from '#lib/table/table.ts';
import { WAIT_MS } from '#test/bss/parties.ts';
import { inTurn, times } from '#test/support/breadth.ts';
import { callBy } from '#test/support/callBy.ts';
import { type Estate, newEstate, type Signer } from '#test/support/estate.ts';
import { type Standing, settleMembers, writeMembers } from '#test/support/members.ts';

const FIRST_CHILD = 1_400_000_000;
const PAGE = 20;

/** Every set of statuses, but none; by default those of one and of all, and every fourth of the others. */
const filters = Array.from({ length: 2 ** relationStatuses.length - 1 }, (_, nth) =>
  relationStatuses.filter((_status, bit) => ((nth + 1) >> bit) % 2 === 1),
)
  // No vendor's filter tells these two apart.
  .filter((statuses) => statuses.includes('withdrawn') === statuses.includes('expired'))
  .filter(({ length }, nth) => length === 1 || length === relationStatuses.length || nth % 4 < times(4, 1));

/** An account, and what it is the parent of, oldest first. */
interface Owner {
  readonly estate: Estate;
  readonly owner: Signer;
  readonly members: readonly Relation[];
}

/** Members of which there are so many of each kind, each kind spread over the whole. */
function spread(...kinds: readonly (readonly [count: number, standing: Standing])[]): Standing[] {
  return kinds
    .flatMap(([count, standing]) => Array.from({ length: count }, (_, nth) => ({ at: (nth + 0.5) / count, standing })))
    .toSorted((one, other) => one.at - other.at)
    .map(({ standing }) => standing);
}

async function ownerOf(standings: readonly Standing[]): Promise<Owner> {
  const estate = await newEstate();
  const owner = await estate.account('Alpha');
  return { estate, owner, members: await writeMembers(estate, owner, FIRST_CHILD, standings) };
}

/** A page, and what it cost. */
async function pageOf({ estate, owner }: Owner, statuses: readonly RelationStatus[], offset = 0, more: object = {}) {
  const usage = unused();
  const filter = { uid: owner.uid, nowMs: estate.nowMs(), statuses, ...more };
  const { relations, total } = await metered(usage, () =>
    openRelationLists(estate.deps.table).page(filter, offset, PAGE),
  );
  return { ids: relations.map(({ id }) => id), total, ...usage };
}

function expected({ members }: Owner, statuses: readonly RelationStatus[], offset = 0, policy?: Relation['policy']) {
  const all = members.filter((one) => statuses.includes(one.status) && (policy ?? one.policy) === one.policy);
  return { ids: all.slice(offset, offset + PAGE).map(({ id }) => id), total: all.length };
}

/** A party moves a relation that it names by its id alone. */
async function moveBy(estate: Estate, uid: number, { id, offered }: Relation, event: RelationEvent): Promise<void> {
  const said = { confirmed: offered?.permissions ?? [] };
  await commit(estate.deps.table, fire({ event, relationId: id, call: callBy(estate, uid), said }));
}

describe('of thousands of members, nearly all in effect', () => {
  const IN_EFFECT = times(4800, 1800);
  const FAR = IN_EFFECT - 800;
  let most: Owner;

  beforeAll(async () => {
    const few = (['inviting', 'changing', 'declined', 'withdrawn', 'expired', 'ended'] as const).map(
      (status, nth) => [10 + nth * 7, { status }] as const,
    );
    const entrusted = { policy: 'trusteeship' } as const;
    most = await ownerOf(
      spread(
        [IN_EFFECT, { status: 'active' }],
        ...few,
        [20, { ...entrusted, status: 'active' }],
        [5, { ...entrusted, status: 'ended' }],
      ),
    );
  });

  it('page 1 under any filter is three round trips and a few read units', async () => {
    for (const statuses of filters) {
      const { readUnits, requests, roundTrips, writeUnits, ...page } = await pageOf(most, statuses);
      expect(page, statuses.join()).toEqual(expected(most, statuses));
      expect(roundTrips, statuses.join()).toBeLessThanOrEqual(3);
      expect(requests, statuses.join()).toBeLessThanOrEqual(7);
      // All that there is reads its rows together with the tally, for two units each.
      expect(readUnits, statuses.join()).toBeLessThanOrEqual(statuses.length === relationStatuses.length ? 45 : 30);
    }
  });

  it('so it is of either policy', async () => {
    for (const policy of ['management', 'trusteeship'] as const) {
      for (const statuses of [relationStatuses, ['active'], ['ended'], ['inviting'], ['changing', 'ended']] as const) {
        const page = await pageOf(most, statuses, 0, { policies: [policy] });
        expect(page, statuses.join()).toMatchObject(expected(most, statuses, 0, policy));
        expect(page.roundTrips, statuses.join()).toBeLessThanOrEqual(3);
      }
    }
  });

  it('so it is after its parent has opened, ended and cleared relations, and others have answered', async () => {
    const own = await ownerOf(
      spread([300, { status: 'active' }], [40, { status: 'inviting' }], [20, { status: 'declined' }]),
    );
    const { estate, members, owner } = own;
    const firstOf = (status: RelationStatus) => members.filter((one) => one.status === status);
    const acts = [
      async (nth: number) => writeMembers(estate, owner, 2 * FIRST_CHILD + nth, [{ status: 'active' }]),
      async (nth: number) => {
        const one = firstOf('active')[nth];
        if (one) await moveBy(estate, owner.uid, one, 'end');
      },
      async (nth: number) => {
        const one = firstOf('inviting')[nth];
        if (one) await moveBy(estate, one.childUid, one, 'decline');
      },
      async () => settleMembers(estate, owner),
    ];
    for (const [kind, act] of acts.entries()) {
      for (const [nth, statuses] of filters.entries()) {
        await act(nth);
        const { roundTrips } = await pageOf(own, statuses);
        expect(roundTrips, `${statuses.join()} ${kind}`).toBeLessThanOrEqual(3);
      }
    }
  });

  it('so it is after a relation was opened, also of what lies behind all that is in effect', async () => {
    const own = await ownerOf(spread([1100, { status: 'active' }], [20, { status: 'declined' }]));
    const some = [['inviting'], ['active'], ['declined']] as const;
    for (const [nth, statuses] of some.entries()) {
      await pageOf(own, statuses);
      await writeMembers(own.estate, own.owner, 2 * FIRST_CHILD + nth, [{ status: 'inviting' }]);
      expect((await pageOf(own, statuses)).roundTrips, statuses.join()).toBeLessThanOrEqual(3);
    }
  });

  it('page 1 under the usual filters is three requests, and four where it lies behind all that is in effect', async () => {
    for (const statuses of [['active'], ['active', 'changing'], ['inviting'], ['changing'], ['declined']] as const) {
      const limit = statuses[0] === 'declined' ? 4 : 3;
      expect((await pageOf(most, statuses)).requests, statuses.join()).toBeLessThanOrEqual(limit);
    }
  });

  it('a page far into it is found by keys alone', async () => {
    const wide = relationStatuses.filter((status) => status !== 'declined');
    for (const statuses of [relationStatuses, wide, ['active'], ['active', 'changing', 'inviting']] as const) {
      const page = await pageOf(most, statuses, FAR);
      expect(page, statuses.join()).toMatchObject(expected(most, statuses, FAR));
      expect(page.requests, statuses.join()).toBeLessThanOrEqual(12);
    }
  });
});

describe('of 1,120 members, as many in each status', () => {
  let even: Owner;

  beforeAll(async () => {
    even = await ownerOf(spread(...relationStatuses.map((status) => [160, { status }] as const)));
  });

  it('page 1 under any filter is three round trips', async () => {
    for (const statuses of filters) {
      const page = await pageOf(even, statuses);
      expect(page, statuses.join()).toMatchObject(expected(even, statuses));
      expect(page.roundTrips, statuses.join()).toBeLessThanOrEqual(3);
    }
  });

  it('every page is the next part of it, once', async () => {
    for (const statuses of [relationStatuses, ['active', 'inviting', 'declined', 'ended']] as const) {
      for (let offset = 0; offset < 1120; offset += 8 * PAGE) {
        const page = await pageOf(even, statuses, offset);
        expect(page, `${statuses.join()} from ${offset}`).toMatchObject(expected(even, statuses, offset));
      }
    }
  });
});

it('what was withdrawn and what has expired are told apart', async () => {
  const owner = await ownerOf(spread(...relationStatuses.map((status) => [12, { status }] as const)));
  for (const status of ['withdrawn', 'expired'] as const) {
    const others = relationStatuses.filter((one) => one !== status);
    expect(await pageOf(owner, [status])).toMatchObject(expected(owner, [status]));
    expect(await pageOf(owner, others, 40)).toMatchObject(expected(owner, others, 40));
  }
});

it.each([
  ['few', 12],
  ['many', 330],
])(
  'what has lapsed is listed and counted as what it has become, though nothing has recorded that: of %s',
  async (_, lapsed) => {
    const waiting = [
      [lapsed, { status: 'inviting' }],
      [lapsed + 5, { status: 'changing' }],
    ] as const;
    const { estate, members, owner } = await ownerOf(
      spread(...waiting, [300, { status: 'active' }], [9, { status: 'expired' }]),
    );
    estate.advance(WAIT_MS + 1000);
    const later = await writeMembers(estate, owner, 2 * FIRST_CHILD, spread(...waiting, [9, { status: 'withdrawn' }]));
    const become = { inviting: 'expired', changing: 'active' } as const;
    const now = members.map((one) =>
      one.status === 'inviting' || one.status === 'changing' ? { ...one, status: become[one.status] } : one,
    );
    const after = { estate, owner, members: [...now, ...later] };
    for (const statuses of filters) {
      for (const offset of [0, 100, 240]) {
        const page = await pageOf(after, statuses, offset);
        expect(page, `${statuses.join()} from ${offset}`).toMatchObject(expected(after, statuses, offset));
      }
      // Which changes have lapsed their ids do not tell, so where there are many all are looked at.
      const areLookedAt = statuses.includes('changing') !== statuses.includes('active');
      const { roundTrips } = await pageOf(after, statuses);
      expect(roundTrips, statuses.join()).toBeLessThanOrEqual(areLookedAt ? 6 : 3);
    }
  },
);

it('more answers than are read beside what is counted are listed before they are counted', async () => {
  const owner = await ownerOf(spread([SMALL + 6, { status: 'inviting' }]));
  for (const one of owner.members) await moveBy(owner.estate, one.childUid, one, 'decline');
  const after = { ...owner, members: owner.members.map((one) => ({ ...one, status: 'declined' as const })) };
  for (const statuses of [['declined'], ['declined', 'ended'], ['inviting', 'declined'], ['inviting']] as const) {
    expect(await pageOf(owner, statuses), statuses.join()).toMatchObject(expected(after, statuses));
  }
});

describe('a list of many is answered with the total of its moment', () => {
  const COUNT = 300;
  let one: Owner;
  let ended: number;
  let opened: number;

  beforeAll(async () => {
    one = await ownerOf(spread([COUNT, { status: 'active' }]));
    [ended, opened] = [0, 0];
  });

  it.each(['ends relations', 'settles what it has ended', 'opens relations'])(
    'though its parent %s before each single request',
    async (what) => {
      const { estate, members, owner } = one;
      const { table } = estate.deps;
      const happen = async (): Promise<void> => {
        if (what === 'opens relations') {
          await writeMembers(estate, owner, 2 * FIRST_CHILD + opened++, [{ status: 'active' }]);
          return;
        }
        const last = members.at(-1 - ended++);
        if (last) await moveBy(estate, owner.uid, last, 'end');
        if (what !== 'ends relations') await settleMembers(estate, owner);
      };
      const busy: typeof table = {
        ...table,
        async page(...asked) {
          await happen();
          return table.page(...asked);
        },
      };
      for (const statuses of [['active'], relationStatuses] as const) {
        const inList = () => COUNT + opened - (statuses.length > 1 ? 0 : ended);
        const first = inList();
        const filter = { uid: owner.uid, nowMs: estate.nowMs(), statuses };
        const { relations, total } = await openRelationLists(busy).page(filter, 0, PAGE);
        expect(relations.map(({ id }) => id)).toEqual(members.slice(0, PAGE).map(({ id }) => id));
        expect(total).toBeGreaterThanOrEqual(Math.min(first, inList()));
        expect(total).toBeLessThanOrEqual(Math.max(first, inList()));
      }
    },
  );
});

it('a damaged row of a relation holds up no other that is to be settled', async () => {
  const { estate, members, owner } = await ownerOf(spread([60, { status: 'inviting' }]));
  const [damaged, ...others] = members.slice(0, 30);
  for (const one of members.slice(0, 30)) await moveBy(estate, one.childUid, one, 'decline');
  const { table } = estate.deps;
  const row = await table.get(relationKey(damaged?.id ?? 0));
  await table.transact([{ Put: { Item: { ...row, grants: 'none' } } }]);
  await settleMembers(estate, owner);
  const rows = await table.getMany(members.slice(0, 30).map(({ id }) => relationKey(id)));
  expect(rows.filter((one) => one?.['countedAs'] === undefined)).toHaveLength(others.length);
});

it('settling takes five write units for each relation, and three for the tally of them all', async () => {
  const { estate, members, owner } = await ownerOf(spread([60, { status: 'inviting' }]));
  const invited = [...members];
  for (const count of [1, 10, 30]) {
    for (const one of invited.splice(0, count)) await moveBy(estate, one.childUid, one, 'decline');
    const usage = unused();
    await metered(usage, () => settleMembers(estate, owner));
    expect(usage.writeUnits).toBe(5 * count + 3 * Math.ceil(count / 24));
  }
});

describe('relations from before they stood by their status', () => {
  it('are listed all the same, also beside later ones', async () => {
    const old = await ownerOf(
      spread([1100, { status: 'active' }], [30, { status: 'inviting' }], [30, { status: 'declined' }]),
    );
    const { estate } = old;
    const { table } = estate.deps;
    await fileEarlier(old, ['listed']);
    const earlier = old.members.filter((_one, nth) => nth % 100 > 0);
    for (let first = 0; first < earlier.length; first += 50) {
      const actions = earlier
        .slice(first, first + 50)
        .flatMap((one): Action[] => [
          { Put: { Item: { ...rowOf(one), gsi1sk: phaseRank(phaseOf(one.status), one.id) } } },
          { Delete: { Key: listingKey(one.id) } },
        ]);
      await table.transact(actions);
    }
    const some: readonly (readonly RelationStatus[])[] = [
      ['active'],
      ['inviting'],
      ['declined'],
      ['active', 'inviting'],
      ['inviting', 'declined'],
      relationStatuses,
    ];
    for (const [nth, statuses] of some.entries()) {
      for (const offset of inTurn([0, 500], nth)) {
        const page = await pageOf(old, statuses, offset);
        expect(page, statuses.join()).toMatchObject(expected(old, statuses, offset));
      }
    }
  });

  it('are counted again once a tally that was filed elsewhere is filed with the first that is settled', async () => {
    const old = await ownerOf(spread([60, { status: 'active' }], [60, { status: 'inviting' }]));
    const { estate, members, owner } = old;
    await fileEarlier(old);
    const [one] = members.filter(({ status }) => status === 'inviting');
    if (one === undefined) throw new Error('nobody is invited');
    await moveBy(estate, one.childUid, one, 'decline');
    const after = {
      ...old,
      members: members.map((other) => (other === one ? { ...one, status: 'declined' as const } : other)),
    };
    for (const settle of [false, true]) {
      if (settle) await settleMembers(estate, owner);
      for (const statuses of [['active'], ['declined'], ['inviting'], relationStatuses] as const) {
        const { roundTrips, ...page } = await pageOf(after, statuses);
        expect(page, statuses.join()).toMatchObject(expected(after, statuses));
        if (settle) expect(roundTrips).toBeLessThanOrEqual(3);
      }
    }
  });

  /** Files the tally where those of long lists were before they were read with what is unsettled, and as it was before it counted some things. */
  async function fileEarlier({ estate, owner }: Owner, uncounted: readonly string[] = []): Promise<void> {
    const { table } = estate.deps;
    const key = tallyKey(owner.uid);
    const kept = Object.entries({ ...(await table.get(key)) }).filter(
      ([name]) => !['gsi1pk', 'gsi1sk', ...uncounted].includes(name),
    );
    const earlier = { ...Object.fromEntries(kept), ...key, gsi2pk: asChild(owner.uid), gsi2sk: 'TALLY' };
    await table.transact([{ Put: { Item: earlier } }]);
  }
});
