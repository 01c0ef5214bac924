import type { Account } from '#lib/domain/account.ts';
import type { Deletion } from '#lib/domain/directory/deletion.ts';
import type { Circumstances } from '#lib/domain/directory/findings.ts';
import { type Enrolment, enrolmentAt, isEnrolling } from '#lib/domain/governance/enrolment.ts';
import { isInEffect, relationAt } from '#lib/domain/relation/relation.ts';
import { accountOf } from '#lib/store/accounts.ts';
import { findMemberIn } from '#lib/store/directory/directories.ts';
import { enrolmentOf } from '#lib/store/governance/enrolments.ts';
import { accountKey, enrolmentKey, memberKey, relationKey, slotKey, standingKey, tallyKey } from '#lib/store/keys.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { type Slot, slotOf } from '#lib/store/relations/slots.ts';
import { liveIn } from '#lib/store/relations/tallies.ts';
import { standingOf } from '#lib/store/standings.ts';
import type { Table } from '#lib/table/table.ts';

/** What a step of a deletion has to know of the account. */
export interface Seen extends Circumstances {
  readonly account: Account | undefined;
  readonly slot: Slot;
  /** As it is recorded. */
  readonly enrolment: Enrolment | undefined;
}

/** What stands against the deletion of a member, as far as it is so now; in two round trips at most. */
export async function readSeen(
  table: Table,
  { managementUid, uid }: Pick<Deletion, 'managementUid' | 'uid'>,
  nowMs: number,
): Promise<Seen> {
  const keys = [memberKey, accountKey, slotKey, tallyKey, standingKey, enrolmentKey].map((key) => key(uid));
  const rows = await table.getMany([...keys, standingKey(managementUid)]);
  const [member, account, slotFound, tally, standing, enrolmentFound, managementStanding] = rows;
  const slot = slotOf(slotFound);
  const enrolment = enrolmentFound && enrolmentOf(enrolmentFound);
  const held = slot.relationId === undefined ? undefined : await table.get(relationKey(slot.relationId));
  const relation = held && relationAt(relationOf(held), nowMs);
  return {
    nowMs,
    managementUid,
    member: findMemberIn(managementUid, member),
    account: account && accountOf(account),
    slot,
    enrolment,
    isEnrolling: enrolment !== undefined && isEnrolling(enrolmentAt(enrolment, nowMs)),
    standing: standingOf(standing),
    managementStanding: standingOf(managementStanding),
    relation: relation && isInEffect(relation) ? relation : undefined,
    relationsAsParent: liveIn(tally),
  };
}
