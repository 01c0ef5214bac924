import type { Plan } from '#infra/local/seed/parties.ts';
import type { PlannedAccount, PlannedKey } from '#infra/local/seed/plan.ts';
import type { ReadSeed } from '#infra/local/seed/read.ts';
import { asOne, commitAll, rowsOf, type SeedWrite } from '#infra/local/seed/writing.ts';
import type { Deps } from '#lib/deps.ts';
import { clearStanding } from '#lib/domain/account.ts';
import { accessKeyRow, issue } from '#lib/store/accessKeys.ts';
import { register } from '#lib/store/accounts.ts';
import { accessKeyKey, accountKey, memberKey, standingKey } from '#lib/store/keys.ts';
import { putStanding } from '#lib/store/standings.ts';
import type { Write } from '#lib/table/commit.ts';
import type { Key, Table } from '#lib/table/table.ts';

/** What is there of the accounts of a seed before it is loaded. */
export interface Present {
  /** The accounts that are registered, or were until they were deleted. */
  readonly accounts: ReadonlySet<number>;
  readonly members: ReadonlySet<number>;
  /** Of those that are to have one, or lend credit. */
  readonly standings: ReadonlySet<number>;
  readonly keys: ReadonlySet<string>;
}

/** Reads what is there already, which stays as it is. Throws `SeedError` for accounts that are nowhere, and keys of others. */
export async function readPresent(
  deps: Deps,
  read: ReadSeed,
  { directories, foreign, operators, owned, relations }: Plan,
): Promise<Present> {
  const { table } = deps;
  const members = directories.flatMap((directory) => directory.members);
  const uids = [...new Set([...[...owned, ...members].map(({ uid }) => uid), ...foreign.keys()])];
  const keys = [
    ...operators.map((key) => ({ key, uid: undefined })),
    ...owned.flatMap(({ keys, uid }) => keys.map((key) => ({ key, uid }))),
  ];
  const keyRows = await rowsOf(
    table,
    keys.map(({ key }) => accessKeyKey(key.keyId)),
  );
  const [registered, joined] = await Promise.all([thereOf(table, uids, accountKey), thereOf(table, uids, memberKey)]);
  const funded = new Set([...owned.filter(({ standing }) => standing).map(({ uid }) => uid), ...lenders(relations)]);
  const standings = await thereOf(table, [...funded], standingKey);
  const nowhere = [...foreign]
    .filter(([uid]) => !registered.has(uid))
    .map(([, path]) => read.faultAt(path, 'names no account.'));
  const taken = keys.flatMap(({ key, uid }, index) => {
    const row = keyRows[index];
    return row && accessKeyRow.read(row).uid !== uid
      ? [read.faultAt(key.path, `has the key ${key.keyId}, which is another's.`)]
      : [];
  });
  if (nowhere.length + taken.length > 0) throw read.refused([...nowhere, ...taken]);
  return {
    accounts: new Set([...registered, ...joined]),
    members: joined,
    standings,
    keys: new Set(keys.flatMap(({ key }, index) => (keyRows[index] ? [key.keyId] : []))),
  };
}

/** Those of some accounts that have a row of a kind. */
async function thereOf(table: Table, uids: readonly number[], keyOf: (uid: number) => Key): Promise<Set<number>> {
  const rows = await rowsOf(table, uids.map(keyOf));
  return new Set(uids.filter((_, index) => rows[index] !== undefined));
}

function lenders(relations: Plan['relations']): number[] {
  return relations.filter(({ lentCredit }) => lentCredit > 0).map(({ parentUid }) => parentUid);
}

/** Registers the accounts that are in no directory of the seed. */
export async function loadAccounts(deps: Deps, read: ReadSeed, { accounts }: Plan, present: Present): Promise<void> {
  const lacking = accounts.filter(({ uid }) => !present.accounts.has(uid));
  const writes = lacking.map((account): SeedWrite => {
    const { email, legalName = '', name, path, uid } = account;
    const registered = register({ uid, name, legalName, email, createdAtMs: deps.ports.now() }, 'given');
    return { path, write: asOne(registered, ...ownKeys(deps, account, present)) };
  });
  await commitAll(deps.table, read, writes);
}

/** The writes that issue the keys of an account with it. Those of its root user are counted, so each is issued by itself. */
export function ownKeys(deps: Deps, { keys, uid }: PlannedAccount, present: Present): Write[] {
  return keys.filter((key) => !key.isRoot && !present.keys.has(key.keyId)).map((key) => issued(deps, key, uid));
}

/** Issues the keys that were not issued with their accounts. */
export async function loadKeys(
  deps: Deps,
  read: ReadSeed,
  { operators, owned }: Plan,
  present: Present,
): Promise<void> {
  const issuing = owned.flatMap(({ keys, uid }) =>
    keys.filter(({ isRoot }) => isRoot || present.accounts.has(uid)).map((key) => ({ key, uid })),
  );
  const lacking = [...issuing, ...operators.map((key) => ({ key, uid: undefined }))].filter(
    ({ key }) => !present.keys.has(key.keyId),
  );
  const writes = lacking.map(({ key, uid }) => ({ path: key.path, write: issued(deps, key, uid) }));
  await commitAll(deps.table, read, writes);
}

function issued({ keyring, ports }: Deps, { isRoot, keyId, secret }: PlannedKey, uid: number | undefined): Write {
  const sealedSecret = secret === undefined ? undefined : keyring.seal('access-key', keyId, secret);
  return issue({ keyId, uid, isRoot, sealedSecret, active: true, createdAtMs: ports.now() });
}

/** Puts the standings that the seed says, of accounts that have none: at last, so that none is in the way of a relation. */
export async function loadStandings(deps: Deps, read: ReadSeed, { owned }: Plan, present: Present): Promise<void> {
  const wanted = owned.filter(({ standing, uid }) => standing !== undefined && !present.standings.has(uid));
  const rows = await rowsOf(
    deps.table,
    wanted.map(({ uid }) => standingKey(uid)),
  );
  const writes = await Promise.all(
    wanted.map(async ({ path, standing = {}, uid }, index): Promise<SeedWrite> => {
      // Credit that was lent in a relation of the seed is in the balance by now.
      const before = rows[index] === undefined ? clearStanding : await deps.standings.get(uid);
      const said = Object.entries(standing).filter(([, value]) => value !== undefined);
      return { path: [...path, 'standing'], write: putStanding(uid, Object.fromEntries(said), before) };
    }),
  );
  await commitAll(deps.table, read, writes);
}
