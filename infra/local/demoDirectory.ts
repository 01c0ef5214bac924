import type { Call } from '#lib/call.ts';
import type { Deps } from '#lib/deps.ts';
import { type Directory, newDirectory } from '#lib/domain/directory/directory.ts';
import { newMember } from '#lib/domain/directory/member.ts';
import { createMember, folderPathTo } from '#lib/store/directory/creating.ts';
import { enable } from '#lib/store/directory/enabling.ts';
import { openFolder } from '#lib/store/directory/seats.ts';
import { eventRow } from '#lib/store/ledger.ts';
import { commit, type Write } from '#lib/table/commit.ts';

const DIRECTORY_ID = 'rd-Demo01';
const ROOT_FOLDER_ID = 'r-Demo01';
const [appsId, sandboxId] = ['fd-DemoApps01', 'fd-DemoSand01'];

/** The members of the demo directory: one that is used through it alone, and one with a login of its own. */
export const demoMembers = [
  {
    role: 'RESOURCE',
    uid: 1647026311978230,
    accountType: 'resource',
    displayName: 'Workload',
    name: `workload@${DIRECTORY_ID.toLowerCase()}.aliyunid.com`,
    email: undefined,
    folderId: appsId,
  },
  {
    role: 'MEMBER',
    uid: 1902647315504418,
    accountType: 'cloud',
    displayName: 'Team',
    name: 'member@demo',
    email: 'member@demo.example',
    folderId: sandboxId,
  },
] as const;

/** The account that manages the demo directory, and the key by which it acts. */
interface Management {
  readonly uid: number;
  readonly keyId: string;
}

/** Makes an account the management account of the demo directory, with those of its members that are not registered yet. */
export async function loadDemoDirectory(
  { accounts, directories, ports, table }: Deps,
  { keyId, uid }: Management,
  registered: ReadonlySet<number>,
): Promise<void> {
  const lacking = demoMembers.filter((member) => !registered.has(member.uid));
  if (lacking.length === 0) return;
  const nowMs = ports.now();
  const call: Call = {
    requestId: ports.ids.uuid().toUpperCase(),
    action: 'loadDemoDirectory',
    caller: { kind: 'account', keyId, uid, isRoot: false },
    uid,
    newEventId: () => ports.ids.eventId(nowMs),
    nowMs,
    now: ports.now,
    sourceIp: '127.0.0.1',
  };
  const { legalName } = await accounts.get(uid);
  const found = await directories.find(uid);
  const directory = found ?? demoDirectory(uid, nowMs);
  if (found === undefined) {
    await commit(
      table,
      unrecorded([...enable(directory, call), ...[appsId, sandboxId].flatMap((id) => openFolder(id))]),
    );
  }
  // Both take the same seats, which one transaction cannot count twice.
  for (const member of lacking) {
    await commit(table, unrecorded(joining(member, directory, legalName, call)));
  }
}

/** Nobody has called for any of this, so nothing is told of it, as of the other demo accounts. */
function unrecorded(write: Write): Write {
  return write.filter(({ action }) => !('Put' in action && action.Put.Item?.['type'] === eventRow.type));
}

function demoDirectory(managementUid: number, createdAtMs: number): Directory {
  const empty = newDirectory({ id: DIRECTORY_ID, rootFolderId: ROOT_FOLDER_ID, managementUid }, createdAtMs);
  const folder = (name: string) => ({ name, parentId: ROOT_FOLDER_ID, createdAtMs });
  return { ...empty, folders: { [appsId]: folder('Apps'), [sandboxId]: folder('Sandbox') } };
}

function joining(demo: (typeof demoMembers)[number], directory: Directory, legalName: string, call: Call): Write {
  const { email, folderId, name, role: _, ...own } = demo;
  const folderPath = folderPathTo(directory, folderId);
  const member = newMember({ ...own, directory, folderPath, seat: 0, tags: {} }, call.nowMs);
  const account = { uid: own.uid, name, legalName, email, createdAtMs: call.nowMs };
  const creation = { member, account, payer: undefined, relationId: 0, memberQuota: directory.memberQuota };
  return createMember({ ...creation, nameWas: 'given' }, call);
}
