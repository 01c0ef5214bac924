import { type Enrolment, enrolmentAt } from '#lib/domain/governance/enrolment.ts';
import { isInEffect, relationAt } from '#lib/domain/relation/relation.ts';
import { findMemberIn } from '#lib/store/directory/directories.ts';
import { callerKeys, directoryOfCaller } from '#lib/store/governance/callers.ts';
import type { ShownEnrolment } from '#lib/store/governance/enrolmentReadings.ts';
import { enrolmentOf } from '#lib/store/governance/enrolments.ts';
import { enrolmentRank, enrolmentsOf, memberKey, relationKey, slotKey } from '#lib/store/keys.ts';
import { relationOf } from '#lib/store/relations/rows.ts';
import { slotOf } from '#lib/store/relations/slots.ts';
import { newTrail, readAlong } from '#lib/table/along.ts';
import type { Key, Row, Table } from '#lib/table/table.ts';

/** A part of a list that goes on at `next`, if it does. */
interface EnrolmentPage {
  readonly enrolments: readonly Omit<ShownEnrolment, 'plan'>[];
  readonly next: string | undefined;
}

/** As many rows as one request reads. */
const AT_ONCE = 100;

/** The accounts on a page that was asked for, and the relations in their slots. */
const pagesRead = newTrail<string>();
const relationsRead = newTrail<string>();

/**
 * At most `limit` enrolled accounts behind a place in the list, or from its beginning; those that were enrolled last come first, and none
 * changes its place. That takes one round trip in a process that has read the same page before, three in another, and four at most where the
 * page has changed since. Throws `AccountUnverified` and `DirectoryUnknown`.
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
  const from = [managementUid, limit, after].join(' ');
  const ofPage = (uids: string) => readAccounts(table, managementUid, numbersIn(uids), from);
  const [{ rows }, { members, relations, slots }] = await readAlong(table, () => table.page(query, limit + 1), ofPage, {
    trail: pagesRead,
    from,
    target: (page) =>
      enrolmentsIn(page.rows, limit)
        .map(({ uid }) => uid)
        .join(' '),
  });
  const listed = enrolmentsIn(rows, limit);
  const last = rows.length > limit ? listed.at(-1) : undefined;
  return {
    // A member that has left since the list was read is left out.
    enrolments: listed.flatMap((enrolment, index) => {
      const member = findMemberIn(managementUid, members[index]);
      const payerUid = payerBy(slots[index], relations, nowMs);
      return member ? [{ enrolment: enrolmentAt(enrolment, nowMs), member, payerUid }] : [];
    }),
    next: last && enrolmentRank(last.createdAtMs, last.uid),
  };
}

function enrolmentsIn(rows: readonly Row[], limit: number): Enrolment[] {
  return rows.slice(0, limit).map(enrolmentOf);
}

/** What is shown of the accounts of a page beside their enrolments. Throws `AccountUnverified` and `DirectoryUnknown`. */
async function readAccounts(table: Table, managementUid: number, uids: readonly number[], from: string) {
  const keys = [...callerKeys(managementUid), ...uids.map(memberKey), ...uids.map(slotKey)];
  const relationsOf = (ids: string) => readAll(table, numbersIn(ids).map(relationKey));
  const [[account, directory, ...found], relations] = await readAlong(table, () => readAll(table, keys), relationsOf, {
    trail: relationsRead,
    from,
    target: (rows) =>
      rows
        .slice(2 + uids.length)
        .flatMap((row) => slotOf(row).relationId ?? [])
        .join(' '),
  });
  directoryOfCaller(account, directory);
  return { members: found.slice(0, uids.length), slots: found.slice(uids.length), relations };
}

/** Who pays for an account, by its slot; undefined for one that pays for itself. */
function payerBy(slot: Row | undefined, relations: readonly (Row | undefined)[], nowMs: number): number | undefined {
  const { relationId } = slotOf(slot);
  const held = relationId === undefined ? undefined : relations.find((row) => row?.['id'] === relationId);
  const relation = held && relationAt(relationOf(held), nowMs);
  return relation?.policy === 'trusteeship' && isInEffect(relation) ? relation.parentUid : undefined;
}

function numbersIn(text: string): number[] {
  return text.split(' ').filter(Boolean).map(Number);
}

async function readAll(table: Table, keys: readonly Key[]): Promise<(Row | undefined)[]> {
  const batches = Array.from({ length: Math.ceil(keys.length / AT_ONCE) }, (_, batch) =>
    table.getMany(keys.slice(batch * AT_ONCE, (batch + 1) * AT_ONCE)),
  );
  return (await Promise.all(batches)).flat();
}
