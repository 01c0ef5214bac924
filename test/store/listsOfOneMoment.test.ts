import { expect, it } from 'vitest';
import {
  type Relation,
  type RelationEvent,
  type RelationStatus,
  relationStatuses,
} from '#lib/domain/relation/relation.ts';
import { cleanUp } from '#lib/store/relations/amendments.ts';
import { fire } from '#lib/store/relations/moves.ts';
import { LARGE } from '#lib/store/relations/readings.ts';
import { openRelationLists } from '#lib/store/relations/relationLists.ts';
import { openRelations } from '#lib/store/relations/relations.ts';
import { rowOf } from '#lib/store/relations/rows.ts';
import { commit } from '#lib/table/commit.ts';
import type { Table } from '#lib/table/table.ts';
import { inTurn } from '#test/support/breadth.ts';
import { callBy } from '#test/support/callBy.ts';
import { newEstate } from '#test/support/estate.ts';
import { type Standing, settleMembers, writeMembers } from '#test/support/members.ts';

const FIRST_CHILD = 1_400_000_000;
/** Pages of the last size are read in two parts if they are of all there is. */
const PAGES = [20, 20, 100];
/** So far from the beginning that what lies before it is passed over. */
const FAR = 240;
const REQUESTS = [1, 2, 3, 4, 5, 6, 7];

type Tally = Partial<Record<RelationStatus, number>>;

/** Who is the parent of many and the child of one, and all that it has in its lists, oldest first. */
async function newOwner(counts: Tally) {
  const estate = await newEstate();
  const owner = await estate.account('Alpha');
  const { table } = estate.deps;
  const standings = Object.entries(counts).flatMap(([status, count]) =>
    Array.from({ length: count }, (_, nth) => ({ at: (nth + 0.5) / count, status: status as RelationStatus })),
  );
  const inTheirOrder: Standing[] = standings.toSorted((one, other) => one.at - other.at);
  let listed: readonly Relation[] = await writeMembers(estate, owner, FIRST_CHILD, inTheirOrder);
  const replace = (one: Relation, by: readonly Relation[]) => {
    listed = listed.flatMap((other) => (other === one ? by : [other]));
  };
  const moveBy = async (uid: number, one: Relation, event: RelationEvent, to: RelationStatus): Promise<void> => {
    const said = { confirmed: one.offered?.permissions ?? [] };
    await commit(table, fire({ event, relationId: one.id, call: callBy(estate, uid), said }));
    replace(one, [{ ...one, status: to }]);
  };
  const standing = (status: RelationStatus) =>
    listed.filter((other) => other.status === status && other.parentUid === owner.uid);
  const some = (one: Relation | undefined): Relation => {
    if (one === undefined) throw new Error('nothing is as it has to be any more');
    return one;
  };
  const firstOf = (status: RelationStatus) => some(standing(status)[0]);
  let acceptedLast: number | undefined;
  const byChild = async (event: RelationEvent, from: RelationStatus, to: RelationStatus) => {
    const one = firstOf(from);
    await moveBy(one.childUid, one, event, to);
  };
  const acts = {
    accept: () => byChild('accept', 'inviting', 'active'),
    /** Not the first, but the last. */
    async acceptLast() {
      const one = some(standing('inviting').at(-1));
      acceptedLast = one.id;
      await moveBy(one.childUid, one, 'accept', 'active');
    },
    async endAccepted() {
      const one = some(standing('active').find(({ id }) => id === acceptedLast));
      await moveBy(owner.uid, one, 'end', 'ended');
    },
    decline: () => byChild('decline', 'inviting', 'declined'),
    acceptChange: () => byChild('acceptChange', 'changing', 'active'),
    withdraw: () => moveBy(owner.uid, firstOf('inviting'), 'withdraw', 'withdrawn'),
    end: () => moveBy(owner.uid, firstOf('active'), 'end', 'ended'),
    /** As when the stream delivers the events of what has moved. */
    settle: () => settleMembers(estate, owner),
    async open() {
      const child = await estate.account('Beta');
      const parties = { ParentUserId: owner.uid, ChildUserId: child.uid };
      const terms = { RelationType: 'enterprise_group', PermissionCodes: ['CHECK_FINANCE_INFO'], RequestId: 'r' };
      const { body } = await estate.call(owner, 'AddAccountRelation', { ...terms, ...parties });
      listed = [...listed, await openRelations(table).get(body.Data.RelationId, estate.nowMs())];
    },
    async clear() {
      const one = firstOf('declined');
      const read = await openRelations(table).get(one.id, estate.nowMs());
      await commit(table, cleanUp(read, 'parent', callBy(estate, owner.uid)));
      replace(one, []);
    },
    /** It becomes the child of somebody. */
    async join() {
      const parent = await estate.account('Gamma');
      const [own] = await writeMembers(estate, parent, owner.uid, [{ status: 'active' }]);
      if (own) listed = [...listed, own];
    },
    async leave() {
      const own = listed.find(({ childUid, status }) => childUid === owner.uid && status === 'active');
      if (own) await moveBy(own.parentUid, own, 'end', 'ended');
    },
  };
  /** Ends the relation at a place of the whole list. */
  const endAt = async (place: number): Promise<void> => {
    const one = listed[place];
    if (one) await moveBy(owner.uid, one, 'end', 'ended');
  };
  return { acts, endAt, estate, listed: () => listed, uid: owner.uid };
}

type Owner = Awaited<ReturnType<typeof newOwner>>;
type Act = keyof Owner['acts'];

/** What happens one after the other before a list is read, before one of its requests, and before the next. */
interface Happening {
  readonly first?: readonly Act[];
  readonly meanwhile: readonly Act[];
  readonly next?: readonly Act[];
}

const happenings: readonly Happening[] = [
  { meanwhile: ['accept'] },
  { meanwhile: ['decline'] },
  { meanwhile: ['acceptChange'] },
  { meanwhile: ['withdraw'] },
  { meanwhile: ['end'] },
  { meanwhile: ['open'] },
  { meanwhile: ['clear'] },
  { first: ['end', 'decline'], meanwhile: ['settle'] },
  { first: ['accept'], meanwhile: ['end', 'settle'] },
  { meanwhile: ['end', 'end', 'end'] },
  { meanwhile: ['clear', 'open'] },
  { first: ['decline'], meanwhile: ['end', 'settle', 'clear'] },
  { first: ['join'], meanwhile: ['leave', 'end'] },
  { meanwhile: ['end', 'join'] },
  { first: ['end'], meanwhile: ['join', 'settle'] },
  { meanwhile: ['open'], next: ['acceptLast'] },
  { first: ['acceptLast'], meanwhile: ['settle'], next: ['endAccepted'] },
  { first: ['accept'], meanwhile: ['end', 'settle'], next: ['acceptChange', 'settle'] },
  { meanwhile: ['end', 'open'], next: ['end', 'settle'] },
];

const filters: readonly (readonly RelationStatus[])[] = [
  ['declined', 'ended'],
  ['inviting'],
  ['inviting', 'declined'],
  ['active'],
  ['active', 'changing'],
  relationStatuses,
];

/** A table before whose requests something happens. Of requests side by side those before one are answered first. */
function before(table: Table, happen: (nth: number) => Promise<void>): Table {
  const earlier: Promise<unknown>[] = [];
  const delayed = <Asked extends unknown[], Answer>(request: (...asked: Asked) => Promise<Answer>) => {
    const send = async (nth: number, answered: readonly Promise<unknown>[], asked: Asked) => {
      await Promise.all(answered);
      await happen(nth);
      return request(...asked);
    };
    return (...asked: Asked) => {
      const answer = send(earlier.length + 1, [...earlier], asked);
      earlier.push(answer);
      return answer;
    };
  };
  return {
    ...table,
    countPage: delayed(table.countPage),
    getMany: delayed(table.getMany),
    getTogether: delayed(table.getTogether),
    page: delayed(table.page),
  };
}

it.each([
  ['a few', 0, { inviting: 8, changing: 5, active: 9, declined: 5 }],
  ['many, most of whom have declined', 2, { inviting: 12, changing: 8, active: 12, declined: 60 }],
  ['some hundred', 0, { inviting: 60, changing: 30, active: 300, declined: 40 }],
  ['more than a thousand', 1, { inviting: 60, changing: 30, active: LARGE, declined: 40 }],
  [
    'more than a thousand, of whom many are invited or asked to agree',
    2,
    { inviting: 200, changing: 150, active: LARGE, declined: 40 },
  ],
])(
  'page, statuses and total are of one moment, whatever happens before whichever request: of %s',
  async (_, setting, counts) => {
    const isLarge = Object.values(counts).reduce((sum, count) => sum + count) > 100;
    let owner = await newOwner(counts);
    for (const [turn, statuses] of filters.entries()) {
      for (const [kind, { first = [], meanwhile, next = [] }] of happenings.entries()) {
        for (const nth of inTurn(REQUESTS, 2 * turn + kind)) {
          if (isUsedUp(owner)) owner = await newOwner(counts);
          for (const act of first) await owner.acts[act]();
          const limit = PAGES[(kind + 2 * nth + setting) % PAGES.length] ?? 20;
          const offset = offsetOf(owner, statuses, limit, isLarge ? turn + kind + nth + setting : 0);
          const part = () => partOf(owner, statuses, offset, limit);
          const possible = [part()];
          const table = before(owner.estate.deps.table, async (request) => {
            for (const act of { [nth]: meanwhile, [nth + 1]: next }[request] ?? []) {
              await owner.acts[act]();
              possible.push(part());
            }
          });
          const filter = { uid: owner.uid, nowMs: owner.estate.nowMs(), statuses };
          const { relations, total } = await openRelationLists(table).page(filter, offset, limit);
          const page = { shown: shown(relations), total };
          const happened = `${meanwhile.join()} before request ${nth}, ${next.join()} before the next`;
          const found = `${limit} of ${statuses.join()} from ${offset}: ${happened}`;
          expect(possible, found).toContainEqual(page);
          if (nth % 2 === 0) await owner.acts.settle();
        }
      }
    }
  },
);

it('so is a list with a named child of whom others ask so much that it takes several requests', async () => {
  const estate = await newEstate();
  const [owner, child] = [await estate.account('Alpha'), await estate.account('Beta')];
  const { table } = estate.deps;
  const [invited] = await writeMembers(estate, owner, child.uid, [{ status: 'inviting' }]);
  if (invited === undefined) throw new Error('nobody is invited');
  const byOthers = Array.from({ length: LARGE + 50 }, (_, nth) =>
    rowOf({ ...invited, id: invited.id + 1 + nth, parentUid: 1 + nth }),
  );
  for (let first = 0; first < byOthers.length; first += 100) {
    await table.transact(byOthers.slice(first, first + 100).map((Item) => ({ Put: { Item } })));
  }
  const decline = fire({ event: 'decline', relationId: invited.id, call: callBy(estate, child.uid) });
  const filter = { uid: owner.uid, nowMs: estate.nowMs(), statuses: relationStatuses };
  const busy = before(table, async (request) => (request === 3 ? commit(table, decline) : undefined));
  const { relations, total } = await openRelationLists(busy).page(filter, 0, 20, [child.uid]);
  expect({ shown: shown(relations), total }).toEqual({ shown: [`${invited.id} declined`], total: 1 });
});

/** Whether too few are left that something can become of. */
function isUsedUp({ listed, uid }: Owner): boolean {
  const left = (['inviting', 'changing', 'active', 'declined'] as const).map(
    (status) => listed().filter((one) => one.status === status && one.parentUid === uid).length,
  );
  return Math.min(...left) < 4;
}

/** The first page, one far from that, or the last. */
function offsetOf(owner: Owner, statuses: readonly RelationStatus[], limit: number, nth: number): number {
  const { total } = partOf(owner, statuses, 0, 0);
  return [0, FAR, Math.max(0, total - limit + 2)][nth % 3] ?? 0;
}

function partOf({ listed }: Owner, statuses: readonly RelationStatus[], offset: number, limit: number) {
  const all = listed()
    .filter(({ status }) => statuses.includes(status))
    .toSorted((one, other) => one.id - other.id);
  return { shown: shown(all.slice(offset, offset + limit)), total: all.length };
}

function shown(relations: readonly Relation[]): string[] {
  return relations.map(({ id, status }) => `${id} ${status}`);
}

it.each([
  { meanwhile: 'both move', acts: [] },
  { meanwhile: 'both move and are settled', acts: ['settle'] },
  { meanwhile: 'both move, and another relation is opened', acts: ['open'] },
] as const)(
  'a page that is read in two parts is of one moment, though between them one of each part moves: $meanwhile',
  async ({ acts }) => {
    const owner = await newOwner({ active: 120 });
    const { estate, uid } = owner;
    const { table } = estate.deps;
    const all = () => partOf(owner, relationStatuses, 0, 100);
    const possible = [all()];
    let parts = 0;
    const between: Table = {
      ...table,
      async getTogether(keys) {
        if (++parts !== 2) return table.getTogether(keys);
        for (const act of [() => owner.endAt(0), () => owner.endAt(99), ...acts.map((name) => owner.acts[name])]) {
          await act();
          possible.push(all());
        }
        return table.getTogether(keys);
      },
    };
    const filter = { uid, nowMs: estate.nowMs(), statuses: relationStatuses };
    const { relations, total } = await openRelationLists(between).page(filter, 0, 100);
    expect(possible).toContainEqual({ shown: shown(relations), total });
  },
);

it('a list without a filter has no side of the account as it was before, and the other as it was after', async () => {
  const owner = await newOwner({ active: 40 });
  await owner.acts.join();
  const { estate, uid } = owner;
  const { table } = estate.deps;
  const all = () => partOf(owner, relationStatuses, 0, 100);
  const possible = [all()];
  const acts = [owner.acts.leave, () => owner.endAt(0)];
  const ending: Table = {
    ...table,
    async getTogether(keys) {
      for (const act of acts.splice(0)) {
        await act();
        possible.push(all());
      }
      return table.getTogether(keys);
    },
  };
  const filter = { uid, nowMs: estate.nowMs(), statuses: relationStatuses };
  const { relations, total } = await openRelationLists(ending).page(filter, 0, 100);
  expect(possible).toContainEqual({ shown: shown(relations), total });
});
