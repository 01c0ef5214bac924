import { isDemoKey } from '#infra/local/demoEstate.ts';
import type { AccessKey, Account, Standing } from '#lib/domain/account.ts';
import { type AccountRecord, recordStatusAt } from '#lib/domain/directory/accountRecord.ts';
import type { Directory } from '#lib/domain/directory/directory.ts';
import { type Handshake, handshakeAt } from '#lib/domain/directory/handshake.ts';
import { isInDirectory, type Member } from '#lib/domain/directory/member.ts';
import type { Baseline } from '#lib/domain/governance/baseline.ts';
import type { FactoryStatus } from '#lib/domain/governance/factory.ts';
import { phaseOf, type Relation, relationAt } from '#lib/domain/relation/relation.ts';
import { accessKeyRow } from '#lib/store/accessKeys.ts';
import { accountOf, accountRow } from '#lib/store/accounts.ts';
import { accountRecordRow, recordOf } from '#lib/store/directory/accountRecords.ts';
import { directoryOf, directoryRow } from '#lib/store/directory/directories.ts';
import { handshakeOf, handshakeRow } from '#lib/store/directory/handshakes.ts';
import { memberOf, memberRow } from '#lib/store/directory/members.ts';
import { baselineRow } from '#lib/store/governance/baselines.ts';
import { factoryRow } from '#lib/store/governance/factories.ts';
import { systemBaselineKey } from '#lib/store/keys.ts';
import { relationOf, relationRow } from '#lib/store/relations/rows.ts';
import { standingOf, standingRow } from '#lib/store/standings.ts';
import type { Row } from '#lib/table/table.ts';

/** What an estate holds at one moment, by uid where it is of an account; in the order in which it came about, or of uids. */
export interface Held {
  readonly accounts: ReadonlyMap<number, Account>;
  readonly standings: ReadonlyMap<number, Standing>;
  /** The keys that are active, those of the demo estate left out: every emulator has its own. */
  readonly keys: ReadonlyMap<number, readonly AccessKey[]>;
  readonly operatorKeys: readonly AccessKey[];
  readonly directories: readonly Directory[];
  /** The baselines of directories, and the account factories of which an operator has said how far they are, by the directory's id. */
  readonly baselines: ReadonlyMap<string, readonly HeldBaseline[]>;
  readonly factories: ReadonlyMap<string, FactoryStatus>;
  /** Who is in a directory now. */
  readonly members: ReadonlyMap<number, Member>;
  /** Those that are in effect or offered. */
  readonly relations: readonly Relation[];
  /** The invitations to directories that await an answer, and what the owners of addresses are to confirm. */
  readonly invitations: readonly Handshake[];
  readonly records: readonly AccountRecord[];
}

/** A baseline, and whether it is the system baseline of its directory. */
export type HeldBaseline = Omit<Baseline, 'type' | 'version'> & { readonly isSystem: boolean };

/** What the rows of a table hold at `nowMs`. Throws for a row that is malformed. */
export function heldIn(rows: readonly Row[], nowMs: number): Held {
  const of = (kind: { readonly type: string }) => rows.filter(({ type }) => type === kind.type);
  const accounts = of(accountRow).map(accountOf).toSorted(byUid);
  const members = of(memberRow).map(memberOf).filter(isInDirectory);
  const keys = of(accessKeyRow)
    .map((row) => accessKeyRow.read(row))
    .filter(({ active, keyId }) => active && !isDemoKey(keyId))
    .toSorted((one, other) => (one.keyId < other.keyId ? -1 : 1));
  const relations = of(relationRow).map((row) => relationAt(relationOf(row), nowMs));
  return {
    accounts: new Map(accounts.map((account) => [account.uid, account])),
    standings: new Map(of(standingRow).map((row) => [uidOf(row), standingOf(row)])),
    keys: byOwner(keys),
    operatorKeys: keys.filter(({ uid }) => uid === undefined),
    directories: of(directoryRow)
      .map(directoryOf)
      .toSorted((one, other) => one.managementUid - other.managementUid),
    baselines: byDirectory(of(baselineRow).map(baselineIn)),
    factories: new Map(
      of(factoryRow)
        .map((row) => factoryRow.read(row))
        .map((one) => [one.directoryId, one.status]),
    ),
    members: new Map(
      members
        .toSorted((one, other) => one.joinedAtMs - other.joinedAtMs || byUid(one, other))
        .map((member) => [member.uid, member]),
    ),
    invitations: of(handshakeRow)
      .flatMap((row) => handshakeAt(handshakeOf(row), nowMs) ?? [])
      .filter(({ status }) => status === 'pending')
      .toSorted(byAge),
    records: of(accountRecordRow)
      .map(recordOf)
      .filter((record) => recordStatusAt(record, nowMs) === 'waiting')
      .toSorted(byAge),
    relations: relations.filter(({ status }) => phaseOf(status) !== 'past').toSorted((one, other) => one.id - other.id),
  };
}

function baselineIn({ v: version, ...row }: Row): HeldBaseline {
  return { ...baselineRow.read({ ...row, version }), isSystem: row.sk === systemBaselineKey(0).sk };
}

function byDirectory(baselines: readonly HeldBaseline[]): Map<string, HeldBaseline[]> {
  const directories = new Map<string, HeldBaseline[]>();
  // The system baseline first, then the oldest: ids sort in the order in which baselines were made.
  const inOrder = baselines.toSorted(
    (one, other) => Number(other.isSystem) - Number(one.isSystem) || (one.id < other.id ? -1 : 1),
  );
  for (const baseline of inOrder) {
    const { directoryId } = baseline;
    directories.set(directoryId, [...(directories.get(directoryId) ?? []), baseline]);
  }
  return directories;
}

function byOwner(keys: readonly AccessKey[]): Map<number, AccessKey[]> {
  const owners = new Map<number, AccessKey[]>();
  for (const key of keys) {
    if (key.uid !== undefined) owners.set(key.uid, [...(owners.get(key.uid) ?? []), key]);
  }
  return owners;
}

function byAge(one: Aged, other: Aged): number {
  return one.createdAtMs - other.createdAtMs || (one.id < other.id ? -1 : 1);
}

interface Aged {
  readonly createdAtMs: number;
  readonly id: string;
}

function byUid(one: { readonly uid: number }, other: { readonly uid: number }): number {
  return one.uid - other.uid;
}

/** A standing stands with its account and does not name it. */
function uidOf({ pk }: Row): number {
  return Number(pk.slice('ACCOUNT#'.length));
}
