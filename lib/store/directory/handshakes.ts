import * as v from 'valibot';
import {
  type Answering,
  type Handshake,
  type HandshakeEvent,
  type HandshakeStatus,
  handshakeMachine,
  handshakeRules,
  handshakeStatuses,
  targetTypes,
} from '#lib/domain/directory/handshake.ts';
import type { LedgerEvent } from '#lib/domain/event.ts';
import type { Aggregate, Kind } from '#lib/store/aggregate.ts';
import { handshakeIdOf, handshakeKey } from '#lib/store/keys.ts';
import type { Owners } from '#lib/store/ledger.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row } from '#lib/table/table.ts';

export const handshakeRow = rowKind({
  type: 'handshake',
  shape: v.object({
    id: v.string(),
    version: v.number(),
    status: v.picklist(handshakeStatuses),
    directoryId: v.string(),
    managementUid: v.number(),
    askedBy: v.string(),
    legalName: v.string(),
    target: v.object({ type: v.picklist(targetTypes), entity: v.string() }),
    invitee: v.string(),
    inviteeUid: v.optional(v.number()),
    note: v.string(),
    tags: v.record(v.string(), v.string()),
    folderId: v.optional(v.string()),
    deadlineMs: v.optional(v.number()),
    keptUntilMs: v.optional(v.number()),
    createdAtMs: v.number(),
    updatedAtMs: v.number(),
  }),
  // Before the second schema no invitation said a folder.
  upgrades: [(row) => row],
});

export interface HandshakeKind extends Kind {
  readonly id: string;
  readonly status: HandshakeStatus;
  readonly event: HandshakeEvent;
  readonly party: 'management';
  readonly guard: 'isInvitee';
  readonly effect: never;
  readonly state: Handshake;
  readonly said: Answering;
}

/** The aggregate of invitations to directories. */
export const handshakeAggregate: Aggregate<HandshakeKind> = {
  machine: handshakeMachine,
  rules: handshakeRules,
  subject: 'handshake',
  sortKey: 'HANDSHAKE',
  key: handshakeKey,
  idOf: handshakeIdOf,
  read: handshakeOf,
  effects: {},
};

/** How the events of invitations are published (docs/events.md). */
export const handshakeSubject = {
  subject: 'handshake',
  title: 'Handshake',
  statuses: handshakeStatuses,
  key: (id: string | number) => handshakeKey(String(id)),
  ownersIn: (row: Row): Owners => ownersOf(handshakeOf(row)),
  detailOf: ({ id }: LedgerEvent, [managementUid, uid]: Owners) => ({ handshakeId: id, managementUid, uid }),
} as const;

/** The invitation of a row; throws when the row is malformed. */
export function handshakeOf({ v: version, ...row }: Row): Handshake {
  return handshakeRow.read({ ...row, version });
}

/** The accounts an invitation's events are filed under. */
export function ownersOf({ inviteeUid, managementUid }: Pick<Handshake, 'managementUid' | 'inviteeUid'>): Owners {
  return inviteeUid === undefined ? [managementUid] : [managementUid, inviteeUid];
}
