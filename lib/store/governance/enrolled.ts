import type { EnrolmentPlan } from '#lib/domain/governance/effective.ts';
import type { Enrolment } from '#lib/domain/governance/enrolment.ts';
import { configurationRow, type ItemConfiguration } from '#lib/store/governance/configurations.ts';
import { enrolmentOf, enrolmentPlanRow, planOf } from '#lib/store/governance/enrolments.ts';
import { enrolmentKey } from '#lib/store/keys.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** All that stands with an account's enrolment. */
export interface Enrolled {
  readonly enrolment: Enrolment;
  readonly plan: EnrolmentPlan;
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
  const rows: Row[] = [];
  for await (const row of table.query(query, AT_ONCE)) rows.push(row);
  const enrolment = rows.find((row) => row.sk === sk);
  const plan = rows.find((row) => row['type'] === enrolmentPlanRow.type);
  if (enrolment === undefined || plan === undefined) return undefined;
  const configurations = rows.filter((row) => row['type'] === configurationRow.type);
  return {
    enrolment: enrolmentOf(enrolment),
    plan: planOf(plan),
    configurations: configurations.map((row) => configurationRow.read(row)),
  };
}
