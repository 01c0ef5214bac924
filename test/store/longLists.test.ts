import { beforeAll, describe, expect, it } from 'vitest';
import { phaseOf, type Relation, type RelationStatus, relationStatuses } from '#lib/domain/relation/relation.ts';
import { listingKey, phaseRank, tallyKey } from '#lib/store/keys.ts';
import { fire } from '#lib/store/relations/moves.ts';
import { openRelationLists } from '#lib/store/relations/relationLists.ts';
import { rowOf } from '#lib/store/relations/rows.ts';
import { commit } from '#lib/table/commit.ts';
import { metered, unused } from '#lib/table/requests.ts';
import type { Action } from '#lib/table/table.ts';
import { inTurn, times } from '#test/support/breadth.ts';
import { type Estate, newEstate, type Signer } from '#test/support/estate.ts';
import { type Standing, writeMembers } from '#test/support/members.ts';

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
      expect(requests, statuses.join()).toBeLessThanOrEqual(3);
      expect(readUnits, statuses.join()).toBeLessThanOrEqual(30);
    }
  });

  it('so it is of either policy', async () => {
    for (const policy of ['management', 'trusteeship'] as const) {
      for (const statuses of [relationStatuses, ['active'], ['ended'], ['inviting'], ['changing', 'ended']] as const) {
        const page = await pageOf(most, statuses, 0, { policies: [policy] });
        expect(page, statuses.join()).toMatchObject(expected(most, statuses, 0, policy));
        expect(page.requests, statuses.join()).toBeLessThanOrEqual(3);
      }
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

  it('page 1 under one status, or none, is three round trips, and one more for each further status', async () => {
    for (const statuses of filters) {
      const page = await pageOf(even, statuses);
      const { ids } = expected(even, statuses);
      expect(page.ids, statuses.join()).toEqual(ids);
      const [isActive, isChanging] = [statuses.includes('active'), statuses.includes('changing')];
      // Of each status one, and of those that overdue ones count as; changes again, which begin and end.
      const places = statuses.filter((status) => status !== 'expired').length;
      const overdue = [isActive && !isChanging, statuses.includes('expired') && !statuses.includes('inviting')];
      const most = 1 + places + overdue.filter(Boolean).length + (isActive && isChanging ? 1 : 0);
      const isSimple = places === 1 || statuses.length === relationStatuses.length;
      expect(page.requests, statuses.join()).toBeLessThanOrEqual(isSimple ? 3 : most);
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

describe('what is in a long list throughout', () => {
  it('is in its page once, whatever moves between two requests', async () => {
    const moving = await ownerOf([...spread([100, { status: 'inviting' }]), ...spread([1000, { status: 'active' }])]);
    const { estate, members, owner } = moving;
    const { page } = estate.deps.table;
    const now = estate.nowMs;
    const as = (uid: number) => ({
      caller: { kind: 'account', uid, keyId: '', isRoot: false } as const,
      uid,
      action: 'test',
      requestId: 'r',
      sourceIp: '',
      nowMs: now(),
      now,
      newEventId: () => estate.deps.ports.ids.eventId(now()),
    });
    for (let nth = 1; nth <= 4; nth++) {
      const [invited, other] = members.slice(2 * nth);
      if (invited === undefined || other === undefined) throw new Error('there are no members');
      let requests = 0;
      const table: typeof estate.deps.table = {
        ...estate.deps.table,
        async page(...asked) {
          if (++requests === nth) {
            const said = { confirmed: invited.offered?.permissions ?? [] };
            const call = as(invited.childUid);
            await commit(estate.deps.table, fire({ event: 'accept', relationId: invited.id, call, said }));
            await commit(estate.deps.table, fire({ event: 'withdraw', relationId: other.id, call: as(owner.uid) }));
          }
          return page(...asked);
        },
      };
      const statuses = ['inviting', 'active', 'withdrawn', 'ended'] as const;
      const filter = { uid: owner.uid, nowMs: now(), statuses };
      const { relations } = await openRelationLists(table).page(filter, 0, PAGE);
      expect(
        relations.map(({ id }) => id),
        `before request ${nth}`,
      ).toEqual(members.slice(0, PAGE).map(({ id }) => id));
    }
  });
});

describe('relations from before they stood by their status', () => {
  it('are listed all the same, also beside later ones', async () => {
    const old = await ownerOf(
      spread([1100, { status: 'active' }], [30, { status: 'inviting' }], [30, { status: 'declined' }]),
    );
    const { estate, owner } = old;
    const { table } = estate.deps;
    const { pk, sk } = tallyKey(owner.uid);
    const tally = (await table.get({ pk, sk })) ?? { pk, sk };
    const { gsi2pk: _, gsi2sk: _also, listed: _too, ...before } = tally;
    await table.transact([{ Put: { Item: before } }]);
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
});
