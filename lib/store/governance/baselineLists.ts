import type { Baseline } from '#lib/domain/governance/baseline.ts';
import { baselineOf, systemBaselineIn } from '#lib/store/governance/baselines.ts';
import { callerKeys, directoryOfCaller } from '#lib/store/governance/callers.ts';
import { baselineKey, systemBaselineKey } from '#lib/store/keys.ts';
import type { Table } from '#lib/table/table.ts';

/** A part of the list of baselines: the system baseline, then the newest first; and behind which id it goes on, if it does. */
interface BaselinePage {
  readonly baselines: readonly Baseline[];
  readonly next: string | undefined;
}

/** At most `limit` baselines behind an id, or from the first. Throws `AccountUnverified` and `DirectoryUnknown`. */
export async function pageOfBaselines(
  table: Table,
  uid: number,
  limit: number,
  after: string | undefined,
): Promise<BaselinePage> {
  const [account, own, system] = await table.getMany([...callerKeys(uid), systemBaselineKey(uid)]);
  const directory = directoryOfCaller(account, own);
  const systemBaseline = systemBaselineIn(directory, system);
  const found = after === undefined ? [systemBaseline] : [];
  const { pk, sk: end } = baselineKey(uid, after === undefined || after === systemBaseline.id ? '~' : after);
  const query = {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :end',
    ExpressionAttributeValues: { ':pk': pk, ':first': baselineKey(uid, '').sk, ':end': end },
    ScanIndexForward: false,
    ConsistentRead: true,
  };
  for await (const row of table.query(query, limit + 1)) {
    if (found.length > limit) break;
    const baseline = baselineOf(row);
    if (baseline.directoryId === directory.id && baseline.id !== after) found.push(baseline);
  }
  return { baselines: found.slice(0, limit), next: found.length > limit ? found[limit - 1]?.id : undefined };
}
