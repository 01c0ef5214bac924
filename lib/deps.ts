import { type Keyring, type MasterKey, openKeyring } from '#lib/auth/keyring.ts';
import { type NonceMemory, nonceMemory } from '#lib/auth/nonceMemory.ts';
import type { Deliveries } from '#lib/deliveries.ts';
import type { Ports } from '#lib/ports.ts';
import { findAccessKey } from '#lib/store/accessKeys.ts';
import { type Accounts, openAccounts } from '#lib/store/accounts.ts';
import { type Directories, openDirectories } from '#lib/store/directory/directories.ts';
import { type Members, openMembers } from '#lib/store/directory/lists.ts';
import { type LedgerOfEvents, openLedger } from '#lib/store/ledger.ts';
import { openRelations, type Relations } from '#lib/store/relations/relations.ts';
import { openStandings, type Standings } from '#lib/store/standings.ts';
import type { DocumentClient } from '#lib/table/client.ts';
import { openTable, type Table } from '#lib/table/table.ts';

/** How long after it was received a call is given up as `Busy`: most of the vendors' clients wait three seconds (docs/vendors/wire.md 7.5). */
export const CALL_MS = 2500;

/** Everything outside itself that an operation uses. */
export interface Deps {
  readonly ports: Ports;
  /** How long a call may take, by the wall's clock. */
  readonly callMs: number;
  readonly table: Table;
  readonly keyring: Keyring;
  readonly nonces: NonceMemory;
  readonly accounts: Accounts;
  readonly relations: Relations;
  readonly standings: Standings;
  readonly directories: Directories;
  readonly members: Members;
  readonly ledger: LedgerOfEvents;
  /** Of a server that outlives its calls; elsewhere the same bytes are always a retry. */
  readonly deliveries?: Deliveries;
}

export interface Wiring {
  readonly client: DocumentClient;
  readonly tableName: string;
  readonly masterKey: MasterKey;
  readonly ports: Ports;
  readonly callMs?: number;
  readonly deliveries?: Deliveries;
}

/** Wires the dependencies of a process together. Makes no call. */
export function openDeps({ client, tableName, masterKey, ports, callMs, deliveries }: Wiring): Deps {
  const deps = depsOver(openTable(client, tableName, ports.pause), masterKey, ports, callMs);
  return deliveries ? { ...deps, deliveries } : deps;
}

/** The same over an open table, for callers that wrap it to restrict or watch what is beneath every repository. */
export function depsOver(table: Table, masterKey: MasterKey, ports: Ports, callMs = CALL_MS): Deps {
  return {
    ports,
    callMs,
    table,
    keyring: openKeyring((keyId) => findAccessKey(table, keyId), masterKey, ports.wallNow),
    nonces: nonceMemory(ports.wallNow),
    accounts: openAccounts(table),
    relations: openRelations(table),
    standings: openStandings(table),
    directories: openDirectories(table),
    members: openMembers(table),
    ledger: openLedger(table),
  };
}
