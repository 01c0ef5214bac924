import { configurationRow, type ItemConfiguration } from '#lib/store/governance/configurations.ts';
import { enrolmentPlanRow, type Planned, readPlanned } from '#lib/store/governance/enrolments.ts';
import { enrolmentKey } from '#lib/store/keys.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** All that stands with an account's enrolment. */
export interface Enrolled extends Planned {
  readonly configurations: readonly ItemConfiguration[];
}

const AT_ONCE = 100;

/** The same in one round trip; undefined if the account is not enrolled. */
export async function readEnrolled(table: Table, uid: number): Promise<Enrolled | undefined> {
  const { pk, sk } = enrolmentKey(uid);
  const query = {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pk },
    ConsistentRead: true,
  };
  const read = async () => {
    const rows: Row[] = [];
    for await (const row of table.query(query, AT_ONCE)) rows.push(row);
    return rows;
  };
  const [rows, [planned]] = await readPlanned(read, (found) => [
    [found.find((row) => row.sk === sk), found.find((row) => row['type'] === enrolmentPlanRow.type)],
  ]);
  const configurations = rows.filter((row) => row['type'] === configurationRow.type);
  return planned && { ...planned, configurations: configurations.map((row) => configurationRow.read(row)) };
}
