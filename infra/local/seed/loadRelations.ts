import type { Present } from '#infra/local/seed/loadAccounts.ts';
import type { Plan } from '#infra/local/seed/parties.ts';
import type { PlannedRelation } from '#infra/local/seed/plan.ts';
import type { ReadSeed } from '#infra/local/seed/read.ts';
import { commitAll, refusing, rowsOf, type SeedWrite } from '#infra/local/seed/writing.ts';
import { callAs } from '#infra/local/unrecorded.ts';
import type { Deps } from '#lib/deps.ts';
import { begin } from '#lib/domain/relation/begin.ts';
import { permissionSet } from '#lib/domain/relation/permissions.ts';
import type { Relation } from '#lib/domain/relation/relation.ts';
import { pairKey } from '#lib/store/keys.ts';
import { allocateCredit } from '#lib/store/relations/amendments.ts';
import { fire } from '#lib/store/relations/moves.ts';
import { open } from '#lib/store/relations/opening.ts';
import type { Prospect } from '#lib/store/relations/relations.ts';
import { ownersOf } from '#lib/store/relations/subject.ts';
import { putStanding } from '#lib/store/standings.ts';

/** How many relations are opened beside each other. */
const MOST_BESIDE = 12;

/** Opens the relations of a seed between parties that never had one, as the parent, and accepts as the child what is to be active. */
export async function loadRelations(deps: Deps, read: ReadSeed, { relations }: Plan, present: Present): Promise<void> {
  const pairs = await rowsOf(
    deps.table,
    relations.map(({ childUid, parentUid }) => pairKey(parentUid, childUid)),
  );
  const nowMs = deps.ports.now();
  // Ids are given out beforehand, because lists are in their order.
  const lacking = relations
    .filter((_, index) => pairs[index] === undefined)
    .map((relation) => ({ ...relation, id: deps.ports.ids.next(nowMs) }));
  for (const wave of wavesOf(lacking)) await openAll(deps, read, wave);
  for (const relation of lacking.filter(({ lentCredit }) => lentCredit > 0)) await lend(deps, read, relation, present);
}

/** A relation to be opened under an id. */
type Numbered = PlannedRelation & { readonly id: number };

/** Groups in which no account is twice, because a relation changes what both of its parties have. */
function wavesOf(relations: readonly Numbered[]): Numbered[][] {
  const waves: { readonly relations: Numbered[]; readonly parties: Set<number> }[] = [];
  for (const relation of relations) {
    const { childUid, parentUid } = relation;
    const isFree = ({ parties, relations: taken }: (typeof waves)[number]) =>
      taken.length < MOST_BESIDE && !parties.has(parentUid) && !parties.has(childUid);
    let wave = waves.find(isFree);
    if (wave === undefined) {
      wave = { relations: [], parties: new Set() };
      waves.push(wave);
    }
    wave.relations.push(relation);
    wave.parties.add(parentUid).add(childUid);
  }
  return waves.map((wave) => wave.relations);
}

async function openAll(deps: Deps, read: ReadSeed, wave: readonly Numbered[]): Promise<void> {
  const opened = await Promise.all(
    wave.map(async (planned) => {
      const { childUid, nick, parentUid, path } = planned;
      const prospect = await deps.relations.prospect(parentUid, childUid, nick);
      return { planned, ...refusing(read, path, () => opening(deps, read, planned, prospect)) };
    }),
  );
  await commitAll(deps.table, read, opened);
  const answers = opened.flatMap(({ planned: { status, path }, relation }): SeedWrite[] =>
    relation.status === 'inviting' && status === 'active' ? [{ path, write: accepting(deps, relation) }] : [],
  );
  await commitAll(deps.table, read, answers);
}

function opening(deps: Deps, read: ReadSeed, planned: Numbered, { child, parent, ...prior }: Prospect) {
  const { id, nick, path, permissions, policy, status } = planned;
  const call = callAs(parent.uid, 'loadSeed', deps);
  const terms = {
    id,
    parent,
    child,
    policy,
    permissions: permissionSet(permissions),
    nick,
  };
  const begun = begin(terms, call.nowMs);
  if (begun.event === 'establish' && status === 'inviting') {
    const sentence = `cannot be inviting: both have the legal name ${parent.legalName}, so it is active at once.`;
    throw read.refused([read.faultAt([...path, 'status'], sentence)]);
  }
  // Only one vendor wants nicks to be unique. The first of a name has it.
  const claimsAlias = nick !== '' && prior.alias === undefined;
  return { path, relation: begun.relation, write: open({ ...begun, prior, call, claimsAlias }) };
}

function accepting(deps: Deps, relation: Relation) {
  const call = callAs(relation.childUid, 'loadSeed', deps);
  const confirmed = relation.offered?.permissions ?? [];
  return fire({ event: 'accept', relationId: relation.id, call, said: { confirmed }, owners: ownersOf(relation) });
}

/** Lends credit, of which a parent without a standing has as much as it lends. */
async function lend(deps: Deps, read: ReadSeed, planned: PlannedRelation, { standings }: Present): Promise<void> {
  const { childUid, lentCredit, parentUid } = planned;
  const path = [...planned.path, 'lentCredit'];
  const call = callAs(parentUid, 'loadSeed', deps);
  const { table } = deps;
  if (!standings.has(parentUid)) {
    const before = await deps.standings.get(parentUid);
    const availableBalance = before.availableBalance + lentCredit;
    await commitAll(table, read, [{ path, write: putStanding(parentUid, { availableBalance }, before) }]);
  }
  const found = await deps.relations.getWithStandings({ parentUid, childUid }, call.nowMs);
  const { write } = refusing(read, path, () => allocateCredit({ ...found, amount: lentCredit }, call));
  await commitAll(table, read, [{ path, write }]);
}
