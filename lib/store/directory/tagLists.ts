import type { Directory } from '#lib/domain/directory/directory.ts';
import { isInDirectory, type Member } from '#lib/domain/directory/member.ts';
import { areTagged, type TagFilter, type Tags } from '#lib/domain/directory/tags.ts';
import { Refusal } from '#lib/errors.ts';
import { directoryOf, memberIn } from '#lib/store/directory/directories.ts';
import { filteredBy } from '#lib/store/directory/filters.ts';
import { memberOf } from '#lib/store/directory/members.ts';
import { directoryKey, memberKey, memberRank, membersOf } from '#lib/store/keys.ts';
import type { Table } from '#lib/table/table.ts';

/** One tag of a member or a folder. */
export interface TagEntry {
  readonly resourceId: string;
  readonly key: string;
  readonly value: string;
  /** Where the list goes on behind it. */
  readonly position: Position;
}

/** A place in a list of tags: that of the resource among its kind, and a key. */
export interface Position {
  readonly rank: string;
  readonly key: string;
}

/** Which tags are listed: those of the named resources, or of all if none is named, as far as these have all the wanted tags. */
export interface TagQuery {
  readonly ids: readonly string[];
  readonly wanted: readonly TagFilter[];
  readonly after: Position | undefined;
  readonly limit: number;
}

export interface TagLists {
  /** The directory that an account manages, with some of its members. Throws `DirectoryUnknown`, and `MemberUnknown` if one of them is no member. */
  getMembers(managementUid: number, uids: readonly number[]): Promise<{ directory: Directory; members: Member[] }>;
  /**
   * Tags of members, or of folders, in the order of resources and then of keys: one more than `limit` if there are more. Who is not in the
   * directory is passed over. Throws `DirectoryUnknown`.
   */
  ofMembers(managementUid: number, query: TagQuery): Promise<TagEntry[]>;
  ofFolders(managementUid: number, query: TagQuery): Promise<TagEntry[]>;
}

interface Bearer {
  readonly id: string;
  readonly rank: string;
  readonly tags: Tags;
}

/** How many members are read in one go. */
const LOOKED_AT = 100;

/** The tags in a table. Opened by the operations that need them: what all operations depend on is in every bundle (docs/decisions.md D33). */
export function openTagLists(table: Table): TagLists {
  const read = async (managementUid: number, uids: readonly number[]) => {
    const [directory, ...rows] = await table.getMany([directoryKey(managementUid), ...uids.map(memberKey)]);
    if (directory === undefined) throw new Refusal('DirectoryUnknown', {});
    return { directory: directoryOf(directory), rows };
  };
  return {
    async getMembers(managementUid, uids) {
      const { directory, rows } = await read(managementUid, uids);
      return { directory, members: rows.map((row) => memberIn(managementUid, row)) };
    },
    async ofMembers(managementUid, query) {
      const isOfAll = query.ids.length === 0;
      const [{ rows }, all] = await Promise.all([
        read(managementUid, query.ids.map(Number)),
        isOfAll ? readAll(table, managementUid, query) : [],
      ]);
      if (isOfAll) return all;
      const members = rows.flatMap((row) => (row ? [memberOf(row)] : []));
      const own = members.filter((member) => member.managementUid === managementUid && isInDirectory(member));
      return entriesOf(own.map(asBearer), query);
    },
    async ofFolders(managementUid, query) {
      const { folders } = (await read(managementUid, [])).directory;
      const all = Object.entries(folders).map(([id, { tags = {} }]) => ({ id, rank: id, tags }));
      return entriesOf(query.ids.length === 0 ? all : all.filter(({ id }) => query.ids.includes(id)), query);
    },
  };
}

/** Tags of all members of a directory, up to the limit. */
async function readAll(table: Table, managementUid: number, query: TagQuery): Promise<TagEntry[]> {
  const { after, limit, wanted } = query;
  const list = {
    IndexName: 'gsi1',
    KeyConditionExpression: 'gsi1pk = :owner AND gsi1sk >= :from',
    ExpressionAttributeValues: { ':owner': membersOf(managementUid), ':from': after?.rank ?? '0' },
  };
  const entries: TagEntry[] = [];
  for await (const row of table.query(filteredBy(list, { tags: wanted }) ?? list, LOOKED_AT)) {
    entries.push(...entriesOf([asBearer(memberOf(row))], query));
    if (entries.length > limit) break;
  }
  return entries.slice(0, limit + 1);
}

function asBearer({ joinedAtMs, tags, uid }: Member): Bearer {
  return { id: String(uid), rank: memberRank(joinedAtMs, uid), tags };
}

function entriesOf(bearers: readonly Bearer[], { after, limit, wanted }: TagQuery): TagEntry[] {
  return bearers
    .filter(({ tags }) => areTagged(tags, wanted))
    .flatMap(({ id, rank, tags }) =>
      Object.entries(tags).map(([key, value]) => ({ resourceId: id, key, value, position: { rank, key } })),
    )
    .filter(({ position }) => after === undefined || inOrder(after, position) < 0)
    .toSorted((one, other) => inOrder(one.position, other.position))
    .slice(0, limit + 1);
}

function inOrder(one: Position, other: Position): number {
  const [a, b] = one.rank === other.rank ? [one.key, other.key] : [one.rank, other.rank];
  return a < b ? -1 : a > b ? 1 : 0;
}
