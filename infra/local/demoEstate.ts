import { demoMembers, loadDemoDirectory } from '#infra/local/demoDirectory.ts';
import type { Keyring } from '#lib/auth/keyring.ts';
import type { Deps } from '#lib/deps.ts';
import { findAccessKey, issue } from '#lib/store/accessKeys.ts';
import { register } from '#lib/store/accounts.ts';
import { accessKeyKey, accountKey } from '#lib/store/keys.ts';
import { commit } from '#lib/table/commit.ts';

/**
 * The accounts of every emulator: a parent, a child of another legal name, a sibling of the parent's, and a pair of different legal names
 * whose uids have ten digits and fit 32 bits, as Volcengine's typed SDKs for Go and Java have them. The parent manages a directory of
 * two more.
 */
const estate = [
  { role: 'PARENT', uid: 1738376485192612, name: 'parent@demo', legalName: 'Demo Group Ltd.' },
  { role: 'CHILD', uid: 1512996702208737, name: 'child@demo', legalName: 'Other Company Ltd.' },
  { role: 'SIBLING', uid: 1851253838840762, name: 'sibling@demo', legalName: 'Demo Group Ltd.' },
  { role: 'MAJOR', uid: 2100048151, name: 'major@demo', legalName: 'Demo Major Ltd.' },
  { role: 'SUB', uid: 2100062342, name: 'sub@demo', legalName: 'Demo Sub Ltd.' },
] as const;

const [resource, member] = demoMembers;

/** Who has a demo key. Nobody signs for a resource account. */
const signers = [...estate, member, { role: 'OPERATOR', uid: undefined }];

/** The access key of a role: its id is fixed, its secret follows from the master key. */
const keyIdOf = (role: string): string => `TRIBDEMO${role}`;

/** The accounts of the demo estate, which a seed may name. */
export const demoAccounts = [...estate, ...demoMembers].map(({ name, role, uid }) => ({ name, uid, env: role }));

/** Whether a key is one of the demo estate's. */
export function isDemoKey(keyId: string): boolean {
  return signers.some(({ role }) => keyIdOf(role) === keyId);
}

/** Whether the table holds a demo estate, of this version or an earlier one. */
export async function isLoaded({ table }: Deps): Promise<boolean> {
  return (await findAccessKey(table, keyIdOf('OPERATOR'))) !== undefined;
}

/** Writes what the table lacks of the demo estate: all of it if it is empty, else the accounts that an earlier version did not have. */
export async function loadDemoEstate(deps: Deps): Promise<void> {
  const { ports, table } = deps;
  const createdAtMs = ports.now();
  const uids = [...estate, ...demoMembers].map(({ uid }) => uid);
  const found = await table.getMany([
    ...uids.map(accountKey),
    ...signers.map(({ role }) => accessKeyKey(keyIdOf(role))),
  ]);
  const registered = new Set<number>(uids.filter((_, index) => found[index] !== undefined));
  const registrations = estate
    .filter(({ uid }) => !registered.has(uid))
    .map(({ role, ...account }) => register({ ...account, createdAtMs }, 'given'));
  await commit(table, registrations.flat());
  const [{ uid }] = estate;
  await loadDemoDirectory(deps, uid, registered);
  const keys = signers
    .filter((_, index) => found[uids.length + index] === undefined)
    .map((owner) => issue({ keyId: keyIdOf(owner.role), uid: owner.uid, active: true, createdAtMs }));
  await commit(table, keys.flat());
}

/** What a script needs to call the emulator, as lines of `NAME=value`. */
export function demoEnvironment(baseUrl: string, keyring: Keyring): string {
  const accounts = [...estate, member].flatMap(({ role, uid }) => [`${role}_UID=${uid}`, ...keyLines(role, keyring)]);
  const lines = [`BASE_URL=${baseUrl}`, ...accounts, `${resource.role}_UID=${resource.uid}`];
  return [...lines, ...keyLines('OPERATOR', keyring), ''].join('\n');
}

function keyLines(role: string, keyring: Keyring): string[] {
  return [`${role}_AK=${keyIdOf(role)}`, `${role}_SK=${keyring.derive(keyIdOf(role))}`];
}
