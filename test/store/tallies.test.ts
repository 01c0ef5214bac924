import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Policy, type RelationStatus, relationStatuses } from '#lib/domain/relation/relation.ts';
import { publishRecords } from '#lib/jobs/publish.ts';
import { asParent, placeRank, tallyKey } from '#lib/store/keys.ts';
import { cleanUp } from '#lib/store/relations/amendments.ts';
import { countsOf, totalOf } from '#lib/store/relations/counts.ts';
import { openRelations } from '#lib/store/relations/relations.ts';
import { settle } from '#lib/store/relations/settling.ts';
import { relationSubject } from '#lib/store/relations/subject.ts';
import { tallyRow } from '#lib/store/relations/tallies.ts';
import { commit, Stale } from '#lib/table/commit.ts';
import type { Table } from '#lib/table/table.ts';
import { bill } from '#test/billing/calls.ts';
import { newParties, type Parties, proposal, tracing, tripleOf, WAIT_MS } from '#test/bss/parties.ts';
import { times } from '#test/support/breadth.ts';
import { callBy } from '#test/support/callBy.ts';
import type { Signer } from '#test/support/estate.ts';
import { allOf } from '#test/workers/overdue.ts';
import { fakeBus, streamOf } from '#test/workers/stream.ts';

const codes = ['CHECK_FINANCE_INFO'];
const offered = { PermissionCodes: codes };

/** Follows the whole stream, as often as an unlucky publisher would. */
async function publish(estate: Parties): Promise<void> {
  const records = await streamOf(estate);
  for (let delivery = 0; delivery < 2; delivery++) {
    await publishRecords({ deps: estate.deps, bus: fakeBus() }, [relationSubject], records);
  }
  await Promise.all(
    [1, 2].map(() => publishRecords({ deps: estate.deps, bus: fakeBus() }, [relationSubject], records)),
  );
}

/** What the tally of a parent has to say, by the rows of its relations. */
async function counted(estate: Parties, { uid }: Signer): Promise<Record<string, number>> {
  const rows = (await allOf(estate, 'relation')).filter((row) => row['parentUid'] === uid && 'gsi1pk' in row);
  const listings = (await allOf(estate, 'listing')).filter((row) => row['gsi1pk'] === asParent(uid));
  const idsOf = (all: readonly Record<string, unknown>[]) => all.map(({ id }) => Number(id)).toSorted((a, b) => a - b);
  expect(idsOf(listings)).toEqual(idsOf(rows));
  const countOf = (test: (row: Record<string, unknown>) => boolean) => rows.filter(test).length;
  const isTrusteeship = (row: Record<string, unknown>) => row['policy'] === 'trusteeship';
  const isCountedAs = (status: RelationStatus) => (row: Record<string, unknown>) =>
    (row['countedAs'] ?? row['status']) === status;
  return {
    ...Object.fromEntries(relationStatuses.map((status) => [status, countOf(isCountedAs(status))])),
    listed: listings.length,
    trusteeships: countOf((row) => isTrusteeship(row) && row['status'] === 'active'),
    endedTrusteeships: countOf((row) => isTrusteeship(row) && row['status'] === 'ended'),
  };
}

const steps = fc.array(
  fc.record({
    what: fc.constantFrom(
      ...(['invite', 'invite', 'entrust', 'child_agree', 'child_agree', 'child_disagree', 'parent_cancel'] as const),
      ...(['change', 'handle', 'end', 'clean', 'cleanByChild', 'wait', 'named'] as const),
    ),
    to: fc.constantFrom('child' as const, 'sibling' as const),
  }),
  { minLength: 15, maxLength: 30, size: 'max' },
);

describe('the tally of a parent', () => {
  it('counts every relation once: as it was when it was counted last, and in its status once it is settled', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const estate = await newParties();
        const { call, deps, parent } = estate;
        for (const { to, what } of taken) {
          const other = estate[to];
          const latest = (await allOf(estate, 'relation')).filter((row) => row['childUid'] === other.uid).at(-1);
          const RelationId = Number(latest?.['id'] ?? 1);
          const change = {
            ...tracing,
            RelationId,
            RelationOperation: 'ADD',
            PermissionCodes: ['MANAGE_TARGET_INVOICE'],
          };
          const named = {
            SubAccountID: other.uid,
            RelationID: `rel${RelationId}`,
            Relation: latest?.['policy'] === 'trusteeship' ? 1 : 4,
          };
          const handled = {
            InvitationType: 1,
            Action: 2,
            RelationID: `rel${RelationId}`,
            MajorAccountID: parent.uid,
            Relation: 4,
          };
          if (what === 'wait') estate.advance(WAIT_MS);
          else if (what === 'invite') await call(parent, 'AddAccountRelation', proposal(parent, other, offered));
          else if (what === 'entrust') {
            await call(parent, 'AddAccountRelation', proposal(parent, other, { RoleCodes: ['trusteeship'] }));
          } else if (what === 'change') await call(parent, 'ModifyAccountRelation', change);
          else if (what === 'handle') await bill(estate, other, 'HandleInvitation', handled);
          else if (what === 'end') await call(parent, 'RelieveAccountRelation', { ...tracing, RelationId });
          else if (what === 'named') await bill(estate, parent, 'DeleteFinancialRelation', named);
          else if (what === 'clean') await bill(estate, parent, 'CleanUpFinancialRelation', named);
          else if (what === 'cleanByChild') await bill(estate, other, 'CleanUpFinancialRelation', named);
          else {
            const by = what === 'parent_cancel' ? parent : other;
            const names = RelationId % 2 ? { RelationId } : tripleOf(parent, other);
            await call(by, 'ConfirmRelation', { ...tracing, ...names, ConfirmCode: what, ...offered });
          }
        }
        await publish(estate);
        await agrees();
        await Promise.all([1, 2].map(() => settle(deps.table, parent.uid)));
        await agrees();
        expect(await allOf(estate, 'relation')).not.toContainEqual(
          expect.objectContaining({ countedAs: expect.anything() }),
        );

        async function agrees(): Promise<void> {
          const row = await deps.table.get(tallyKey(parent.uid));
          const { relations, v: _, ...tally } = tallyRow.read(row ?? {});
          expect(relations).toBeUndefined();
          expect(tally).toEqual(await counted(estate, parent));
        }
      }),
      { numRuns: times(12, 4) },
    );
  });

  it('has a relation in its last status that moves on while it is settled', async () => {
    const estate = await newParties();
    const { call, child, deps, parent } = estate;
    const { body } = await call(parent, 'AddAccountRelation', proposal(parent, child, offered));
    const { RelationId } = body.Data;
    await call(child, 'ConfirmRelation', { ...tracing, RelationId, ConfirmCode: 'child_agree', ...offered });
    let readings = 0;
    const table: Table = {
      ...deps.table,
      async getMany(keys) {
        const rows = await deps.table.getMany(keys);
        if (++readings === 1) await call(parent, 'RelieveAccountRelation', { ...tracing, RelationId });
        return rows;
      },
    };
    await settle(table, parent.uid);
    const [relation] = await allOf(estate, 'relation');
    expect(relation).toMatchObject({ status: 'ended', gsi1sk: placeRank('ended', RelationId) });
    expect(relation).not.toHaveProperty('countedAs');
    expect(await deps.table.get(tallyKey(parent.uid))).toMatchObject({ inviting: 0, ended: 1 });
  });

  it('has a relation that is cleared as it is counted then, though it is settled right before', async () => {
    const estate = await newParties();
    const { call, child, deps, parent } = estate;
    const { body } = await call(parent, 'AddAccountRelation', proposal(parent, child, offered));
    const { RelationId } = body.Data;
    await call(child, 'ConfirmRelation', { ...tracing, RelationId, ConfirmCode: 'child_disagree', ...offered });
    const read = await openRelations(deps.table).get(RelationId, estate.nowMs());
    const clear = () => commit(deps.table, cleanUp(read, 'parent', callBy(estate, parent.uid)));
    await settle(deps.table, parent.uid);
    await expect(clear()).rejects.toThrow(Stale);
    expect(tallyRow.read((await deps.table.get(tallyKey(parent.uid))) ?? {})).toMatchObject({ declined: 1, listed: 1 });
  });

  it('tells totals by status and by policy, and nothing where it was only said how many were ever opened', () => {
    const row = { ...tallyKey(1), active: 7, trusteeships: 2, inviting: 3, ended: 5, endedTrusteeships: 4 };
    const counts = countsOf({ ...row, withdrawn: 3, expired: 2 });
    const total = (statuses: readonly RelationStatus[], wanted?: readonly Policy[]) =>
      counts && totalOf(counts, statuses, wanted);
    expect(total(['active', 'inviting', 'active'])).toBe(10);
    expect(total(['active', 'ended'], ['trusteeship'])).toBe(6);
    expect(total(['active', 'ended'], ['management', 'management'])).toBe(6);
    expect([total(['withdrawn']), total(['expired']), total(['expired', 'withdrawn'])]).toEqual([3, 2, 5]);
    expect(countsOf({ ...row, relations: 15 })).toBeUndefined();
    expect(countsOf(undefined)).toBeUndefined();
  });
});
