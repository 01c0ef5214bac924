import type { Keyring } from '#lib/auth/keyring.ts';
import type { Deps } from '#lib/deps.ts';
import { findAccessKey, issue } from '#lib/store/accessKeys.ts';
import { register } from '#lib/store/accounts.ts';
import { commit, type Write } from '#lib/table/commit.ts';

/** The accounts every emulator starts with: a parent, a child of another legal name, a sibling of the parent's. */
const estate = [
  { role: 'PARENT', uid: 1738376485192612, name: 'parent@demo', legalName: 'Demo Group Ltd.' },
  { role: 'CHILD', uid: 1512996702208737, name: 'child@demo', legalName: 'Other Company Ltd.' },
  { role: 'SIBLING', uid: 1851253838840762, name: 'sibling@demo', legalName: 'Demo Group Ltd.' },
] as const;

/** The access key of a role: its id is fixed, its secret follows from the master key. */
const keyIdOf = (role: string): string => `TRIBDEMO${role}`;

/** Whether the table holds the demo estate; its operator key is written last. */
export async function isLoaded({ table }: Deps): Promise<boolean> {
  return (await findAccessKey(table, keyIdOf('OPERATOR'))) !== undefined;
}

/** Registers the demo accounts and issues their keys, and an operator's, in an empty table. */
export async function loadDemoEstate({ table, ports }: Deps): Promise<void> {
  const createdAtMs = ports.now();
  const save = (write: Write) => commit(table, write);
  for (const { role, ...account } of estate) {
    await save(register({ ...account, createdAtMs }, 'given'));
    await save(issue({ keyId: keyIdOf(role), uid: account.uid, active: true, createdAtMs }));
  }
  await save(issue({ keyId: keyIdOf('OPERATOR'), active: true, createdAtMs }));
}

/** What a script needs to call the emulator, as lines of `NAME=value`. */
export function demoEnvironment(baseUrl: string, keyring: Keyring): string {
  const accounts = estate.flatMap(({ role, uid }) => [`${role}_UID=${uid}`, ...keyLines(role, keyring)]);
  return [`BASE_URL=${baseUrl}`, ...accounts, ...keyLines('OPERATOR', keyring), ''].join('\n');
}

function keyLines(role: string, keyring: Keyring): string[] {
  return [`${role}_AK=${keyIdOf(role)}`, `${role}_SK=${keyring.derive(keyIdOf(role))}`];
}
