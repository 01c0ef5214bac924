import { newMember } from '#lib/domain/directory/joining.ts';
import { amendDirectory } from '#lib/store/directory/directories.ts';
import { rowOf } from '#lib/store/directory/members.ts';
import { occupancyKeys, openSeats, seatsKeys, seatsRow } from '#lib/store/directory/seats.ts';
import { commit } from '#lib/table/commit.ts';
import { neverRefused, put } from '#lib/table/items.ts';
import type { Key } from '#lib/table/table.ts';
import { type DirectoryEstate, direct } from '#test/directory/calls.ts';
import type { Answer, Params } from '#test/support/estate.ts';

const AT_ONCE = 100;
const FIRST_UID = 1_700_000_000_000_001;

/** Puts so many members into the root folder of an empty directory, named `Member 1` and so on, without their accounts. */
export async function membersAtOnce({ deps, nowMs, parent }: DirectoryEstate, count: number): Promise<void> {
  const directory = await deps.directories.get(parent.uid);
  const { memberQuota, rootFolderId } = directory;
  const rows = Array.from({ length: count }, (_, index) => {
    const place = { accountType: 'resource', folderPath: [rootFolderId], seat: 0, tags: {} } as const;
    const member = { uid: FIRST_UID + index, displayName: `Member ${index + 1}`, ...place };
    return rowOf(newMember({ ...member, directory }, nowMs() + index));
  });
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = rows.slice(from, from + AT_ONCE);
    await commit(
      deps.table,
      some.map((row) => put(row, [], neverRefused)),
    );
  }
  const [seats = [], occupancy = []] = [seatsKeys(parent.uid), occupancyKeys(rootFolderId)];
  await commit(deps.table, [
    amendDirectory(directory, { memberQuota: count }),
    ...(count > memberQuota ? openSeats(parent.uid, count, 1) : []),
  ]);
  await commit(deps.table, [
    ...counted(seats.slice(0, count > memberQuota ? 16 : 1), count),
    ...counted(occupancy, count),
  ]);
}

/** Counts so many members over rows, as evenly as it goes. */
function counted(keys: readonly Key[], count: number) {
  return keys.map((key, index) => {
    const members = Math.floor(count / keys.length) + (index < count % keys.length ? 1 : 0);
    return put(seatsRow.row(key, { members }), [], neverRefused);
  });
}

/** What the parent's call of an operation that reads answers, and what it asked of the table. */
export async function costOf(
  estate: DirectoryEstate,
  action: string,
  params: Params = {},
): Promise<{ body: Answer['body']; usage: Readonly<Record<'requests' | 'readUnits', number>> }> {
  const { body } = await direct(estate, estate.parent, action, params);
  const record = estate.logged.at(-1);
  return { body, usage: { requests: Number(record?.['requests']), readUnits: Number(record?.['readUnits']) } };
}
