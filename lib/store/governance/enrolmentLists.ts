import { enrolmentAt } from '#lib/domain/governance/enrolment.ts';
import { isInEffect, relationAt } from '#lib/domain/relation/relation.ts';
import { findMemberIn } from '#lib/store/directory/directories.ts';
import { callerKeys, directoryOfCaller } from '#lib/store/governance/callers.ts';
import type { ShownEnrolment } from '#lib/store/governance/enrolmentReadings.ts';
import { enrolmentOf } from '#lib/store/governance/enrolments.ts';
import { enrolmentRank, enrolmentsOf, memberKey, relationKey, slotKey } from '#lib/store/keys.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { slotOf } from '#lib/store/relations/slots.ts';
import type { Key, Row, Table } from '#lib/table/table.ts';

/** A part of a list that goes on at `next`, if it does. */
interface EnrolmentPage {
  readonly enrolments: readonly Omit<ShownEnrolment, 'plan'>[];
  readonly next: string | undefined;
}

/** As many rows as one request reads. */
const AT_ONCE = 100;

/**
 * At most `limit` enrolled accounts behind a place in the list, or from its beginning; those that were enrolled last come first, and none
 * changes its place. Up to 49 accounts take three round trips at most. Throws `AccountUnverified` and `DirectoryUnknown`.
 */
export async function pageOfEnrolments(
  table: Table,
  managementUid: number,
  limit: number,
  after: string | undefined,
  nowMs: number,
): Promise<EnrolmentPage> {
  const query = {
    IndexName: 'gsi1',
    KeyConditionExpression: `gsi1pk = :owner${after === undefined ? '' : ' AND gsi1sk < :after'}`,
    ExpressionAttributeValues: {
      ':owner': enrolmentsOf(managementUid),
      ...(after !== undefined && { ':after': after }),
    },
    ScanIndexForward: false,
  };
  const { rows } = await table.page(query, limit + 1);
  const listed = rows.slice(0, limit).map(enrolmentOf);
  const last = rows.length > limit ? listed.at(-1) : undefined;
  const uids = listed.map(({ uid }) => uid);
  const keys = [...callerKeys(managementUid), ...uids.map(memberKey), ...uids.map(slotKey)];
  const [account, directory, ...found] = await readAll(table, keys);
  directoryOfCaller(account, directory);
  const payers = await payersBy(table, found.slice(uids.length), nowMs);
  return {
    // A member that has left since the list was read is left out.
    enrolments: listed.flatMap((enrolment, index) => {
      const member = findMemberIn(managementUid, found[index]);
      return member ? [{ enrolment: enrolmentAt(enrolment, nowMs), member, payerUid: payers[index] }] : [];
    }),
    next: last && enrolmentRank(last.createdAtMs, last.uid),
  };
}

/** Who pays for each account, by its slot; undefined for one that pays for itself. */
async function payersBy(table: Table, slots: readonly (Row | undefined)[], nowMs: number) {
  const ids = slots.map((row) => slotOf(row).relationId);
  const held = ids.flatMap((id) => (id === undefined ? [] : [relationKey(id)]));
  const relations = (await readAll(table, held)).flatMap((row) => (row ? [relationAt(relationOf(row), nowMs)] : []));
  return ids.map((id) => {
    const relation = relations.find((one) => one.id === id);
    return relation?.policy === 'trusteeship' && isInEffect(relation) ? relation.parentUid : undefined;
  });
}

async function readAll(table: Table, keys: readonly Key[]): Promise<(Row | undefined)[]> {
  const batches = Array.from({ length: Math.ceil(keys.length / AT_ONCE) }, (_, batch) =>
    table.getMany(keys.slice(batch * AT_ONCE, (batch + 1) * AT_ONCE)),
  );
  return (await Promise.all(batches)).flat();
}
