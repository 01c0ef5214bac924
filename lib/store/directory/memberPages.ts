import type { Call } from '#lib/call.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { getFolder } from '#lib/domain/directory/folders.ts';
import { openAccounts } from '#lib/store/accounts.ts';
import { openDirectories } from '#lib/store/directory/directories.ts';
import type { MemberFilter } from '#lib/store/directory/filters.ts';
import { type MemberPage, openMembers, type Slice } from '#lib/store/directory/lists.ts';
import { newTrail, readAlong } from '#lib/table/along.ts';
import type { Table } from '#lib/table/table.ts';

/** The folders of an account's directory that it has named, and its root folder, by no name. */
const foldersNamed = newTrail<string>();
/** The uids of the members on a page that was asked for. */
const pagesRead = newTrail<string>();

/**
 * The members of a folder of the directory that an account manages; of its root folder if none is named. Nobody's list is read along for a
 * caller in whose directory the process has not seen the folder. Throws `DirectoryUnknown` and `FolderUnknown`.
 */
export async function pageOfFolder(
  table: Table,
  managementUid: number,
  folderId: string | undefined,
  filter: MemberFilter,
  slice: Slice,
): Promise<MemberPage> {
  const directory = () => openDirectories(table).get(managementUid);
  const membersIn = (id: string) => openMembers(table).pageIn(id, filter, slice);
  const [, page] = await readAlong(table, directory, membersIn, {
    trail: foldersNamed,
    from: `${managementUid} ${folderId ?? ''}`,
    target: (found: Directory) => getFolder(found, folderId ?? found.rootFolderId).id,
  });
  return page;
}

/** A page of members for a call of these parameters, and, if they are wanted, the names of their accounts by uid. */
export async function pageWithNames<Page extends MemberPage>(
  table: Table,
  { action, uid }: Pick<Call, 'action' | 'uid'>,
  parameters: object,
  areNamesWanted: boolean,
  page: () => Promise<Page>,
): Promise<readonly [Page, ReadonlyMap<number, string>]> {
  if (!areNamesWanted) return [await page(), new Map()];
  const namesOf = (uids: string) => openAccounts(table).namesOf(uids.split(' ').filter(Boolean).map(Number));
  return readAlong(table, page, namesOf, {
    trail: pagesRead,
    from: `${uid} ${action} ${JSON.stringify(parameters)}`,
    target: ({ members }) => members.map((member) => member.uid).join(' '),
  });
}
