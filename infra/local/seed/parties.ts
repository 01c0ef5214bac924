import { closestTo } from '#infra/local/closest.ts';
import type { Path } from '#infra/local/seed/document.ts';
import {
  accountsIn,
  directoriesIn,
  operatorKeysIn,
  type PlannedAccount,
  type PlannedDirectory,
  type PlannedKey,
  type PlannedMember,
  type PlannedRelation,
  type SaidMember,
  type UidOf,
} from '#infra/local/seed/plan.ts';
import { type PlannedPending, pendingIn } from '#infra/local/seed/planPending.ts';
import type { ReadSeed } from '#infra/local/seed/read.ts';
import type { SeedFault } from '#infra/local/seed/seedError.ts';

/** An account that a seed may name without having it. */
export interface KnownAccount {
  readonly uid: number;
  readonly name: string;
  /** The name under which it is in demo.env. */
  readonly env?: string | undefined;
}

/** All that a seed wants, with each account by its uid. */
export interface Plan {
  /** The accounts that are made in no directory. */
  readonly accounts: readonly PlannedAccount[];
  /** Those, and the ones that are made as members. */
  readonly owned: readonly PlannedAccount[];
  readonly operators: readonly PlannedKey[];
  readonly directories: readonly PlannedDirectory[];
  readonly relations: readonly PlannedRelation[];
  readonly pending: readonly PlannedPending[];
  /** The accounts that it names and neither has nor knows, each with where it does so. */
  readonly foreign: ReadonlyMap<number, Path>;
}

/** Makes a plan of a seed. Throws `SeedError` for accounts that nobody knows, and for what is there twice. */
export function planOf(read: ReadSeed, known: readonly KnownAccount[]): Plan {
  const { faultAt, refused, seed } = read;
  const faults: SeedFault[] = [];
  const fault: Tell = (path, sentence) => void faults.push(faultAt(path, sentence));
  const accounts = accountsIn(seed);
  const foreign = new Map<number, Path>();
  const all: KnownAccount[] = [...accounts, ...known];
  const uidOf = (party: string | number, path: Path) => uidIn(all, party, path, foreign, fault);
  const directories = directoriesIn(seed, uidOf);
  const members = directories.flatMap((directory) => directory.members);
  const created = members.flatMap((member) => member.created ?? []);
  all.push(...created);
  const relations = [
    ...seed.relations.map(({ child, parent, ...terms }, index): PlannedRelation => {
      const path = ['relations', index];
      const parties = { parentUid: uidOf(parent, [...path, 'parent']), childUid: uidOf(child, [...path, 'child']) };
      return { ...terms, ...parties, path };
    }),
    ...members.flatMap((member) => paymentFor(member, uidOf)),
  ];
  const pending = directories.map((directory) => pendingIn(directory, uidOf, fault));
  const owned = [...accounts, ...created];
  const plan = { accounts, owned, operators: operatorKeysIn(seed), directories, relations, pending, foreign };
  for (const [index, { members: said }] of seed.directories.entries()) {
    for (const [place, member] of said.entries()) refuseMixed(member, ['directories', index, 'members', place], fault);
  }
  refuseDoubles(plan, known, fault);
  if (faults.length > 0) throw refused(faults);
  return plan;
}

type Tell = (path: Path, sentence: string) => void;

/** The uid of an account that is named or numbered; 0 once it is told that there is none. */
function uidIn(
  all: readonly KnownAccount[],
  party: string | number,
  path: Path,
  foreign: Map<number, Path>,
  fault: Tell,
): number {
  const text = String(party);
  const own = all.find(({ name }) => name === party) ?? all.find(({ uid }) => String(uid) === text);
  if (own) return own.uid;
  if (/^[1-9](?:\d{9}|\d{15})$/.test(text)) {
    if (!foreign.has(Number(text))) foreign.set(Number(text), path);
    return Number(text);
  }
  const names = all.map(({ name }) => name).filter((name) => name !== '');
  const meant = closestTo(text, names);
  fault(path, meant === undefined ? 'names no account.' : `names no account; did you mean ${meant}?`);
  return 0;
}

/** Who pays for a member is the parent of its trusteeship. */
function paymentFor({ path, payer, uid }: PlannedMember, uidOf: UidOf): PlannedRelation[] {
  if (payer === undefined) return [];
  const parties = { parentUid: uidOf(payer, [...path, 'payer']), childUid: uid };
  const terms = { policy: 'trusteeship', permissions: [], nick: '', status: 'active', lentCredit: 0 } as const;
  return [{ ...terms, ...parties, path: [...path, 'payer'] }];
}

/** A member is either an account that is described elsewhere, or described here. */
function refuseMixed(
  { account, displayName, folder: _, payer: __, tags: ___, promotion, type, ...own }: SaidMember,
  path: Path,
  fault: Tell,
): void {
  if (account === undefined && displayName === undefined) fault(path, 'has to have a displayName, or an account.');
  if (promotion !== undefined && (account !== undefined || type === 'cloud')) {
    fault([...path, 'promotion'], 'is of a resource account only.');
  }
  const [first] = Object.keys(type === undefined ? own : { ...own, type });
  if (account !== undefined && first !== undefined)
    fault([...path, first], 'is said where its account is described, not here.');
}

function refuseDoubles({ operators, owned, relations }: Plan, known: readonly KnownAccount[], fault: Tell): void {
  const seen = new Set(['OPERATOR', ...known.map(({ env }) => env)].map((env) => `the name ${env} in demo.env`));
  const tell = (path: Path, what: string) => {
    if (seen.has(what)) fault(path, `has ${what}, which is there before.`);
    seen.add(what);
  };
  for (const { email, env, path, uid } of owned) {
    tell(path, `the uid ${uid}`);
    if (email !== undefined) tell(path, `the e-mail ${email.toLowerCase()}`);
    if (env !== undefined) tell(path, `the name ${env} in demo.env`);
  }
  for (const { keyId, path } of [...operators, ...owned.flatMap(({ keys }) => keys)]) tell(path, `the key ${keyId}`);
  for (const { childUid, parentUid, path } of relations) tell(path, `the parties ${parentUid} and ${childUid}`);
}
