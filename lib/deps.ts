import { type NonceMemory, nonceMemory } from '#lib/auth/authenticate.ts';
import { type Keyring, type MasterKey, openKeyring } from '#lib/auth/keyring.ts';
import type { Deliveries } from '#lib/deliveries.ts';
import type { Ports } from '#lib/ports.ts';
import { findAccessKey } from '#lib/store/accessKeys.ts';
import { type Accounts, openAccounts } from '#lib/store/accounts.ts';
import { type Directories, openDirectories } from '#lib/store/directory/directories.ts';
import { type EventLists, openEventLists } from '#lib/store/eventLists.ts';
import { openRelations, type Relations } from '#lib/store/relations/relations.ts';
import { openStandings, type Standings } from '#lib/store/standings.ts';
import { openTable } from '#lib/table/openTable.ts';
import type { DocumentClient } from '#lib/table/requests.ts';
import type { Table } from '#lib/table/table.ts';

/** How long a call is tried before it is refused as `Busy`. Most of the vendors' clients wait three seconds (docs/vendors/wire.md 7.5). */
export const CALL_MS = 2500;

/** The dependencies of operations and jobs. */
export interface Deps {
  readonly ports: Ports;
  /** How long a call may take, in ms by the wall's clock. */
  readonly callMs: number;
  readonly table: Table;
  readonly keyring: Keyring;
  readonly nonces: NonceMemory;
  readonly accounts: Accounts;
  readonly relations: Relations;
  readonly standings: Standings;
  readonly directories: Directories;
  readonly ledger: EventLists;
  /** Only in the emulator. Elsewhere the same bytes always count as a retry. */
  readonly deliveries?: Deliveries;
}

export interface Wiring {
  readonly client: DocumentClient;
  readonly tableName: string;
  readonly masterKey: MasterKey;
  readonly ports: Ports;
  readonly callMs?: number;
}

/** Makes the dependencies of a process. Sends no request. */
export function openDeps({ client, tableName, masterKey, ports, callMs }: Wiring): Deps {
  return depsOver(openTable(client, tableName, ports.pause), masterKey, ports, callMs);
}

/** The same over an open table, for callers that wrap it to watch or restrict what is done with it. */
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
    ledger: openEventLists(table),
  };
}
