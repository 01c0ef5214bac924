import { beforeAll, describe, expect, it } from 'vitest';
import {
  phaseOf,
  type Relation,
  type RelationEvent,
  type RelationStatus,
  relationStatuses,
} from '#lib/domain/relation/relation.ts';
import { publishRecords } from '#lib/jobs/publish.ts';
import { listingKey, phaseRank, tallyKey } from '#lib/store/keys.ts';
import { fire } from '#lib/store/relations/moves.ts';
import { LARGE, SMALL } from '#lib/store/relations/readings.ts';
import { openRelationLists } from '#lib/store/relations/relationLists.ts';
import { rowOf } from '#lib/store/relations/rows.ts';
import { relationSubject } from '#lib/store/relations/subject.ts';
import { commit } from '#lib/table/commit.ts';
import { metered, unused } from '#lib/table/requests.ts';
import type { Action } from '#lib/table/table.ts';
import { inTurn, times } from '#test/support/breadth.ts';
import { callBy } from '#test/support/callBy.ts';
import { type Estate, newEstate, type Signer } from '#test/support/estate.ts';
import { type Standing, writeMembers } from '#test/support/members.ts';
import { fakeBus, streamOf } from '#test/workers/stream.ts';

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

/** Has the events filed, and counted, that were written since it was last called. */
function follower(estate: Estate): () => Promise<void> {
  let followed = 0;
  return async () => {
    const records = (await streamOf(estate)).slice(followed);
    followed += records.length;
    await publishRecords({ deps: estate.deps, bus: fakeBus() }, [relationSubject], records);
  };
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

  it('page 1 under the usual filters is three requests', async () => {
    for (const statuses of [['active'], ['active', 'changing'], ['inviting'], ['changing'], ['declined']] as const) {
      expect((await pageOf(most, statuses)).requests, statuses.join()).toBeLessThanOrEqual(3);
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

/** What may happen to a relation, by either party; and what may happen to what has moved. */
const moves = [
  { event: 'accept', from: 'inviting', to: 'active' },
  { event: 'decline', from: 'inviting', to: 'declined' },
  { event: 'withdraw', from: 'inviting', to: 'withdrawn' },
  { event: 'acceptChange', from: 'changing', to: 'active' },
  { event: 'end', from: 'active', to: 'ended' },
  { event: 'settle' },
] as const;

const requests = [1, 2, 3, 4, 5, 6];
/** So far from the beginning that what lies before it is passed over. */
const FAR = 240;
const wanted: readonly (readonly RelationStatus[])[] = [
  ['declined', 'ended'],
  ['inviting', 'declined'],
  ['active'],
  relationStatuses,
];

describe('page and total, whatever moves before whichever request', () => {
  it.each([
    ['some hundred members', { active: 300, inviting: 60 }],
    ['more than a thousand', { active: LARGE, inviting: 60 }],
    ['more than a thousand, of whom many are invited', { active: LARGE, inviting: 200 }],
  ])('are of one moment: of %s', async (_, { active, inviting }) => {
    const owner = await ownerOf(
      spread(
        [inviting, { status: 'inviting' }],
        [30, { status: 'changing' }],
        [active, { status: 'active' }],
        [40, { status: 'declined' }],
      ),
    );
    const { estate } = owner;
    const { table } = estate.deps;
    const follow = follower(estate);
    let { members } = owner;
    const move = async (taken: (typeof moves)[number]): Promise<void> => {
      if (taken.event === 'settle') return follow();
      const { event, from, to } = taken;
      const one = members.find(({ status }) => status === from);
      if (one === undefined) throw new Error(`nothing is ${from} any more`);
      const uid = event === 'withdraw' || event === 'end' ? one.parentUid : one.childUid;
      await moveBy(estate, uid, one, event);
      members = members.map((other) => (other === one ? { ...one, status: to } : other));
    };
    /** Where one of two requests side by side comes after the move, the other has come before it. */
    const moving = (one: (typeof moves)[number], nth: number): typeof table => {
      const earlier: Promise<unknown>[] = [];
      const delayed = <Asked extends unknown[], Answer>(request: (...asked: Asked) => Promise<Answer>) => {
        const send = async (isNext: boolean, asked: Asked) => {
          if (isNext) {
            await Promise.all(earlier);
            await move(one);
          }
          return request(...asked);
        };
        return (...asked: Asked) => {
          const answer = send(earlier.length === nth - 1, asked);
          earlier.push(answer);
          return answer;
        };
      };
      const { countPage, getMany, getTogether, page } = table;
      return {
        ...table,
        countPage: delayed(countPage),
        getMany: delayed(getMany),
        getTogether: delayed(getTogether),
        page: delayed(page),
      };
    };
    for (const [turn, statuses] of wanted.entries()) {
      for (const [kind, one] of moves.entries()) {
        for (const nth of active < LARGE ? requests : inTurn(requests, 2 * turn + kind)) {
          const offset = (turn + kind + nth) % 3 === 0 ? FAR : 0;
          const before = partOf(statuses, offset);
          const filter = { uid: owner.owner.uid, nowMs: estate.nowMs(), statuses };
          const { relations, total } = await openRelationLists(moving(one, nth)).page(filter, offset, PAGE);
          const page = { shown: relations.map(({ id, status }) => `${id} ${status}`), total };
          const found = `${statuses.join()} from ${offset}, ${one.event} before request ${nth}`;
          expect([before, partOf(statuses, offset)], found).toContainEqual(page);
          if (nth % 2 === 0) await follow();
        }
      }
    }

    function partOf(statuses: readonly RelationStatus[], offset: number) {
      const all = members.filter(({ status }) => statuses.includes(status));
      return { shown: all.slice(offset, offset + PAGE).map(({ id, status }) => `${id} ${status}`), total: all.length };
    }
  });

  it.each([1, 2, 3, 4])(
    'are of one moment where all are asked for, and another is opened before request %i',
    async (nth) => {
      const owner = await ownerOf(spread([60, { status: 'active' }], [10, { status: 'ended' }]));
      const { estate } = owner;
      const child = await estate.account('Alpha');
      const parties = { ParentUserId: owner.owner.uid, ChildUserId: child.uid };
      const terms = { RelationType: 'enterprise_group', PermissionCodes: ['CHECK_FINANCE_INFO'], RequestId: 'r' };
      let opened: number | undefined;
      let request = 0;
      const { table } = estate.deps;
      const opening: typeof table = {
        ...table,
        async page(...asked) {
          if (++request === nth) {
            const { body } = await estate.call(owner.owner, 'AddAccountRelation', { ...terms, ...parties });
            opened = body.Data.RelationId;
          }
          return table.page(...asked);
        },
      };
      const filter = { uid: owner.owner.uid, nowMs: estate.nowMs(), statuses: relationStatuses };
      const { relations, total } = await openRelationLists(opening).page(filter, 60, PAGE);
      const { ids } = expected(owner, relationStatuses, 60);
      expect([
        { ids, total: 70 },
        { ids: [...ids, opened], total: 71 },
      ]).toContainEqual({ ids: relations.map(({ id }) => id), total });
    },
  );
});

it('what was withdrawn and what has expired are told apart', async () => {
  const owner = await ownerOf(spread(...relationStatuses.map((status) => [12, { status }] as const)));
  for (const status of ['withdrawn', 'expired'] as const) {
    const others = relationStatuses.filter((one) => one !== status);
    expect(await pageOf(owner, [status])).toMatchObject(expected(owner, [status]));
    expect(await pageOf(owner, others, 40)).toMatchObject(expected(owner, others, 40));
  }
});

it('what a list has of either side is of one moment', async () => {
  const { estate, members, owner } = await ownerOf(
    spread([200, { status: 'inviting' }], [LARGE + 2, { status: 'active' }]),
  );
  const parent = await estate.account('Gamma');
  const [own] = await writeMembers(estate, parent, owner.uid, [{ status: 'active' }]);
  const last = members.findLast(({ status }) => status === 'active');
  if (own === undefined || last === undefined) throw new Error('there is nothing to end');
  const { table } = estate.deps;
  let requests = 0;
  const ending: typeof table = {
    ...table,
    async page(...asked) {
      if (++requests === 2) {
        await moveBy(estate, parent.uid, own, 'end');
        await moveBy(estate, owner.uid, last, 'end');
      }
      return table.page(...asked);
    },
  };
  const filter = { uid: owner.uid, nowMs: estate.nowMs(), statuses: ['active'] as const };
  const { relations } = await openRelationLists(ending).page(filter, LARGE, PAGE);
  const ids = members.filter(({ status }) => status === 'active').map(({ id }) => id);
  expect([[...ids.slice(-2), own.id], [...ids.slice(-2)], [...ids.slice(-2, -1)]]).toContainEqual(
    relations.map(({ id }) => id),
  );
});

it('more answers than are read beside what is counted are listed before they are counted', async () => {
  const owner = await ownerOf(spread([SMALL + 6, { status: 'inviting' }]));
  for (const one of owner.members) await moveBy(owner.estate, one.childUid, one, 'decline');
  const after = { ...owner, members: owner.members.map((one) => ({ ...one, status: 'declined' as const })) };
  for (const statuses of [['declined'], ['declined', 'ended'], ['inviting', 'declined'], ['inviting']] as const) {
    expect(await pageOf(owner, statuses), statuses.join()).toMatchObject(expected(after, statuses));
  }
});

it.each([300, LARGE + 100])(
  'a list of %i is answered though its parent moves relations all the time',
  async (count) => {
    const { estate, members, owner } = await ownerOf(spread([count, { status: 'active' }]));
    const { table } = estate.deps;
    let ended = 0;
    const moving: typeof table = {
      ...table,
      async page(...asked) {
        const one = members.at(-1 - ended);
        if (asked[0].IndexName === 'gsi2' && one) {
          ended++;
          await moveBy(estate, owner.uid, one, 'end');
        }
        return table.page(...asked);
      },
    };
    for (const statuses of [['active'], relationStatuses] as const) {
      const inList = () => (statuses.length > 1 ? count : count - ended);
      const before = inList();
      const filter = { uid: owner.uid, nowMs: estate.nowMs(), statuses };
      const { relations, total } = await openRelationLists(moving).page(filter, 0, PAGE);
      expect(relations.map(({ id }) => id)).toEqual(members.slice(0, PAGE).map(({ id }) => id));
      expect(total).toBeGreaterThanOrEqual(inList());
      expect(total).toBeLessThanOrEqual(before);
    }
  },
);

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
