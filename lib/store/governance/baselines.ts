import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { type Baseline, type BaselineContent, systemBaselineOf } from '#lib/domain/governance/baseline.ts';
import { Refusal } from '#lib/errors.ts';
import { directoryEvent } from '#lib/store/directory/directories.ts';
import { callerKeys, directoryOfCaller, remainsManaged } from '#lib/store/governance/callers.ts';
import { closeUsage, openUsage } from '#lib/store/governance/usage.ts';
import { baselineKey, systemBaselineKey } from '#lib/store/keys.ts';
import { Stale, type Write, type WriteItem } from '#lib/table/commit.ts';
import { anyOf, equal, type Fragment } from '#lib/table/expressions.ts';
import { absent, check, create, put, remove } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Key, Row, Table } from '#lib/table/table.ts';

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

/** Makes a baseline that accounts can be enrolled under. `Stale` if the id was taken, or the directory is gone. */
export function createBaseline(directory: Directory, baseline: Baseline, call: Call): Write {
  return [
    remainsManaged(directory),
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
  const baseline = { ...before, ...content, version: before.version + 1, updatedAtMs: call.nowMs };
  return [
    remainsManaged(directory),
    put(rowOf(directory, baseline), isAsRead({ baseline: before, directory }), () => new Stale()),
    baselineEvent('updateBaseline', { directory, baseline }, call),
  ];
}

/** That a baseline is as it was read. */
export function remainsAsRead(own: OwnBaseline): WriteItem {
  return check(keyOf(own.directory, own.baseline), isAsRead(own), () => new Stale());
}

/** A system baseline that was never updated has no row, or that of an earlier directory. */
function isAsRead({ baseline: { version }, directory: { id: directoryId } }: OwnBaseline): Fragment[] {
  if (version > 0) return equal({ directoryId, v: version }, 'read');
  return [anyOf([absent, { text: '#directoryId <> :directoryId', values: { ':directoryId': directoryId } }])];
}

/** Deletes a custom baseline. Throws `BaselineIsSystem`; refused with `BaselineInUse`; `Stale` if it is no longer as it was read. */
export function deleteBaseline({ baseline, directory }: OwnBaseline, call: Call): Write {
  const { id, type, version } = baseline;
  if (type === 'system') throw new Refusal('BaselineIsSystem', {});
  return [
    remainsManaged(directory),
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

/** The system baseline of a directory, from its row if it was ever updated. */
export function systemBaselineIn(directory: Directory, row: Row | undefined): Baseline {
  const updated = row && { ...baselineOf(row), type: 'system' as const };
  return updated?.directoryId === directory.id ? updated : systemBaselineOf(directory);
}

/** The baseline of a row, a custom one; throws when the row is malformed. */
export function baselineOf({ v: version, ...row }: Row): Baseline {
  return { type: 'custom', ...baselineRow.read({ ...row, version }) };
}

function keyOf({ managementUid }: Directory, { id, type }: Baseline): Key {
  return type === 'system' ? systemBaselineKey(managementUid) : baselineKey(managementUid, id);
}

function rowOf(directory: Directory, baseline: Baseline): Row {
  const { type: _, version, ...kept } = baseline;
  return baselineRow.row(keyOf(directory, baseline), { v: version, ...kept });
}
