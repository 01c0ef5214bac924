import type { Keyring } from '#lib/auth/keyring.ts';
import type { Deps } from '#lib/deps.ts';
import { findAccessKey, issue } from '#lib/store/accessKeys.ts';
import { register } from '#lib/store/accounts.ts';
import { accessKeyKey, accountKey } from '#lib/store/keys.ts';
import { commit } from '#lib/table/commit.ts';

/**
 * The accounts of every emulator: a parent, a child of another legal name, a sibling of the parent's, and a pair of different legal names
 * whose uids have ten digits and fit 32 bits, as Volcengine's typed SDKs for Go and Java have them.
 */
const estate = [
  { role: 'PARENT', uid: 1738376485192612, name: 'parent@demo', legalName: 'Demo Group Ltd.' },
  { role: 'CHILD', uid: 1512996702208737, name: 'child@demo', legalName: 'Other Company Ltd.' },
  { role: 'SIBLING', uid: 1851253838840762, name: 'sibling@demo', legalName: 'Demo Group Ltd.' },
  { role: 'MAJOR', uid: 2100048151, name: 'major@demo', legalName: 'Demo Major Ltd.' },
  { role: 'SUB', uid: 2100062342, name: 'sub@demo', legalName: 'Demo Sub Ltd.' },
] as const;

/** The access key of a role: its id is fixed, its secret follows from the master key. */
const keyIdOf = (role: string): string => `TRIBDEMO${role}`;

/** Whether the table holds a demo estate, of this version or an earlier one. */
export async function isLoaded({ table }: Deps): Promise<boolean> {
  return (await findAccessKey(table, keyIdOf('OPERATOR'))) !== undefined;
}

/** Writes what the table lacks of the demo estate: all of it if it is empty, else the accounts that an earlier version did not have. */
export async function loadDemoEstate({ ports, table }: Deps): Promise<void> {
  const createdAtMs = ports.now();
  const owners = [...estate, { role: 'OPERATOR', uid: undefined }];
  const accountKeys = estate.map(({ uid }) => accountKey(uid));
  const found = await table.getMany([...accountKeys, ...owners.map(({ role }) => accessKeyKey(keyIdOf(role)))]);
  const registrations = estate
    .filter((_, index) => found[index] === undefined)
    .map(({ role, ...account }) => register({ ...account, createdAtMs }, 'given'));
  await commit(table, registrations.flat());
  const keys = owners
    .filter((_, index) => found[estate.length + index] === undefined)
    .map(({ role, uid }) => issue({ keyId: keyIdOf(role), uid, active: true, createdAtMs }));
  await commit(table, keys.flat());
}

/** What a script needs to call the emulator, as lines of `NAME=value`. */
export function demoEnvironment(baseUrl: string, keyring: Keyring): string {
  const accounts = estate.flatMap(({ role, uid }) => [`${role}_UID=${uid}`, ...keyLines(role, keyring)]);
  return [`BASE_URL=${baseUrl}`, ...accounts, ...keyLines('OPERATOR', keyring), ''].join('\n');
}

function keyLines(role: string, keyring: Keyring): string[] {
  return [`${role}_AK=${keyIdOf(role)}`, `${role}_SK=${keyring.derive(keyIdOf(role))}`];
}
