import type { Account } from '#lib/domain/account.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { isInDirectory } from '#lib/domain/directory/member.ts';
import { Refusal } from '#lib/errors.ts';
import { accountOf } from '#lib/store/accounts.ts';
import { directoryOf } from '#lib/store/directory/directories.ts';
import { memberOf } from '#lib/store/directory/members.ts';
import { accountKey, directoryKey, memberKey } from '#lib/store/keys.ts';
import { getAlong, newTrail } from '#lib/table/along.ts';
import type { Table } from '#lib/table/table.ts';

/** Which account manages the directory that an account is in. */
const managers = newTrail<number>();

/**
 * The directory that an account manages or is a member of, with the management account: in one round trip, but for a member in two if the
 * process has not seen whose it is. Throws `NotInDirectory`.
 */
export async function getOwnDirectory(
  table: Table,
  uid: number,
): Promise<{ readonly directory: Directory; readonly management: Account }> {
  const keysOf = (managementUid: number) => [directoryKey(managementUid), accountKey(managementUid)];
  const [managed, self, row, joined, manager] = await getAlong(table, [...keysOf(uid), memberKey(uid)], keysOf, {
    trail: managers,
    from: uid,
    target([directory, , row]) {
      const member = row && memberOf(row);
      return directory === undefined && member && isInDirectory(member) ? member.managementUid : undefined;
    },
  });
  const [found, management] = managed ? [managed, self] : [joined, manager];
  if (found === undefined || management === undefined) throw new Refusal('NotInDirectory', {});
  const directory = directoryOf(found);
  // The rows are not of one moment: the account may have come from one directory of the same account into the next.
  const isOwn = managed !== undefined || (row && memberOf(row).directoryId === directory.id);
  if (!isOwn) throw new Refusal('NotInDirectory', {});
  return { directory, management: accountOf(management) };
}
