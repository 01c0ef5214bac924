import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { type Baseline, type BaselineContent, systemBaselineOf } from '#lib/domain/governance/baseline.ts';
import { Refusal } from '#lib/errors.ts';
import { directoryEvent } from '#lib/store/directory/directories.ts';
import { callerKeys, directoryOfCaller } from '#lib/store/governance/callers.ts';
import { closeUsage, openUsage } from '#lib/store/governance/usage.ts';
import { baselineKey, systemBaselineKey } from '#lib/store/keys.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { anyOf, equal } from '#lib/table/expressions.ts';
import { absent, create, put, remove } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row, Table } from '#lib/table/table.ts';

/** A baseline. One of a directory that was destroyed stays, and is no baseline of the next. */
export const baselineRow = rowKind({
  type: 'baseline',
  shape: v.object({
    id: v.string(),
    version: v.number(),
    directoryId: v.string(),
    name: v.string(),
    description: v.string(),
    items: v.array(v.object({ name: v.string(), version: v.string(), config: v.optional(v.string()) })),
    createdAtMs: v.number(),
    updatedAtMs: v.number(),
  }),
});

/** A baseline with the directory that it is of. */
export interface OwnBaseline {
  readonly directory: Directory;
  readonly baseline: Baseline;
}

/**
 * A baseline of the directory that the caller manages, in one round trip; the system baseline if no id is given. Throws
 * `AccountUnverified`, `DirectoryUnknown` and `BaselineUnknown`.
 */
export async function getBaseline(table: Table, uid: number, id: string | undefined): Promise<OwnBaseline> {
  const custom = id === undefined ? [] : [baselineKey(uid, id)];
  const [account, own, system, row] = await table.getMany([...callerKeys(uid), systemBaselineKey(uid), ...custom]);
  const directory = directoryOfCaller(account, own);
  return { directory, baseline: baselineAmong(directory, id, { system, custom: row }) };
}

/** The baseline of an id, or the system baseline, from the rows that it may be. Throws `BaselineUnknown`. */
export function baselineAmong(
  directory: Directory,
  id: string | undefined,
  { custom, system }: { readonly system: Row | undefined; readonly custom: Row | undefined },
): Baseline {
  const systemBaseline = systemBaselineIn(directory, system);
  if (id === undefined || id === systemBaseline.id) return systemBaseline;
  const baseline = custom && baselineOf(custom);
  if (baseline?.directoryId !== directory.id) throw new Refusal('BaselineUnknown', {});
  return baseline;
}

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

/** Makes a baseline that accounts can be enrolled under. `Stale` if the id was taken. */
export function createBaseline(directory: Directory, baseline: Baseline, call: Call): Write {
  return [
    create(rowOf(directory, baseline), () => new Stale()),
    ...openUsage(baseline.id),
    baselineEvent('createBaseline', { directory, baseline }, call),
  ];
}

/** Replaces what is given. Accounts that are enrolled keep what they were enrolled with. `Stale` if the baseline is no longer as it was read. */
export function updateBaseline(
  { baseline: before, directory }: OwnBaseline,
  content: Partial<BaselineContent>,
  call: Call,
): Write {
  const { version } = before;
  const baseline = { ...before, ...content, version: version + 1, updatedAtMs: call.nowMs };
  const notYet = anyOf([absent, { text: '#directoryId <> :directoryId', values: { ':directoryId': directory.id } }]);
  const asRead = version === 0 ? [notYet] : equal({ directoryId: directory.id, v: version }, 'read');
  return [
    put(rowOf(directory, baseline), asRead, () => new Stale()),
    baselineEvent('updateBaseline', { directory, baseline }, call),
  ];
}

/** Deletes a custom baseline. Throws `BaselineIsSystem`; refused with `BaselineInUse`; `Stale` if it is no longer as it was read. */
export function deleteBaseline({ baseline, directory }: OwnBaseline, call: Call): Write {
  const { id, type, version } = baseline;
  if (type === 'system') throw new Refusal('BaselineIsSystem', {});
  return [
    remove(baselineKey(directory.managementUid, id), equal({ v: version }, 'read'), () => new Stale()),
    ...closeUsage(id),
    baselineEvent('deleteBaseline', { directory, baseline }, call),
  ];
}

function baselineEvent(
  event: 'createBaseline' | 'updateBaseline' | 'deleteBaseline',
  { baseline, directory }: OwnBaseline,
  call: Call,
) {
  return directoryEvent(directory, event, call, { baselineId: baseline.id, baselineName: baseline.name });
}

function systemBaselineIn(directory: Directory, row: Row | undefined): Baseline {
  const updated = row && { ...baselineOf(row), type: 'system' as const };
  return updated?.directoryId === directory.id ? updated : systemBaselineOf(directory);
}

function baselineOf({ v: version, ...row }: Row): Baseline {
  return { type: 'custom', ...baselineRow.read({ ...row, version }) };
}

function rowOf({ managementUid }: Directory, { type, version, ...baseline }: Baseline): Row {
  const key = type === 'system' ? systemBaselineKey(managementUid) : baselineKey(managementUid, baseline.id);
  return baselineRow.row(key, { v: version, ...baseline });
}
