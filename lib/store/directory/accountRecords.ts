import { hash } from 'node:crypto';
import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import {
  type AccountRecord,
  type AskedRecord,
  accountRecordMachine,
  accountRecordRules,
  type Borne,
  type RecordEvent,
  type RecordName,
  type RecordStatus,
  recordKinds,
  recordStatuses,
} from '#lib/domain/directory/accountRecord.ts';
import type { LedgerEvent } from '#lib/domain/event.ts';
import type { Aggregate, Kind, Move } from '#lib/store/aggregate.ts';
import { ownersOf } from '#lib/store/directory/members.ts';
import { dueShard, recordIdOf, recordKey } from '#lib/store/keys.ts';
import { eventRecord, type Owners } from '#lib/store/ledger.ts';
import { mailOut } from '#lib/store/mails.ts';
import { transition } from '#lib/store/transition.ts';
import { Stale, type Write } from '#lib/table/commit.ts';
import { create } from '#lib/table/items.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row } from '#lib/table/table.ts';

export const accountRecordRow = rowKind({
  type: 'accountRecord',
  shape: v.object({
    id: v.string(),
    version: v.number(),
    kind: v.picklist(recordKinds),
    status: v.picklist(recordStatuses),
    managementUid: v.number(),
    askedBy: v.string(),
    legalName: v.string(),
    uid: v.number(),
    displayName: v.string(),
    email: v.string(),
    creation: v.optional(v.object({ directoryId: v.string(), folderId: v.string(), payerUid: v.optional(v.number()) })),
    tokenHash: v.string(),
    deadlineMs: v.optional(v.number()),
    sentAtMs: v.number(),
    createdAtMs: v.number(),
    updatedAtMs: v.number(),
  }),
});

export interface AccountRecordKind extends Kind {
  readonly id: string;
  readonly status: RecordStatus;
  readonly event: RecordEvent;
  readonly party: 'management';
  readonly guard: 'tokenAsMailed';
  readonly effect: never;
  readonly state: AccountRecord;
  readonly said: Borne;
}

/** The aggregate of account records. */
export const accountRecordAggregate: Aggregate<AccountRecordKind> = {
  machine: accountRecordMachine,
  rules: accountRecordRules,
  subject: 'accountRecord',
  sortKey: 'RECORD',
  key: recordKey,
  idOf: recordIdOf,
  read: recordOf,
  effects: {},
};

/** How the events of account records are published (docs/events.md). */
export const accountRecordSubject = {
  subject: 'accountRecord',
  title: 'AccountRecord',
  statuses: recordStatuses,
  key: (id: string | number) => recordKey(String(id)),
  ownersIn: (row: Row): Owners => ownersOf(recordOf(row)),
  detailOf: ({ id }: LedgerEvent, [managementUid, uid]: Owners) => ({ recordId: id, managementUid, uid }),
} as const;

/** The record of a row; throws when the row is malformed. */
export function recordOf({ v: version, ...row }: Row): AccountRecord {
  return accountRecordRow.read({ ...row, version });
}

/** Opens a record, and has the mail sent that asks for its confirmation. `wallNowMs`: the wall's time, by which the table forgets the mail. */
export function openRecord(record: AskedRecord, call: Call, wallNowMs: number): Write {
  const { askedBy, deadlineMs, displayName, email, id, kind, legalName, uid, version, ...rest } = record;
  const asks = { kind, recordId: id, askedBy, legalName, accountUid: uid, displayName, deadlineMs };
  const { from, to } = accountRecordMachine.transitions.ask;
  const row = { v: version, ...rest, id, kind, askedBy, legalName, uid, displayName, email, deadlineMs };
  return [
    create(accountRecordRow.row(recordKey(id), { ...row, due: dueShard(id) }), () => new Stale()),
    eventRecord(
      { subject: 'accountRecord', id, owners: ownersOf(record), event: 'ask', from, to, facts: { kind } },
      call,
    ),
    mailOut(email, asks, call.nowMs, wallNowMs),
  ];
}

/** The write of one move of a record. */
export function moveRecord(
  record: AccountRecord,
  event: RecordEvent,
  call: Call,
  more: Pick<Move<AccountRecordKind>, 'said' | 'facts'> = {},
): Write {
  return transition(accountRecordAggregate, { event, id: record.id, call, owners: ownersOf(record), ...more });
}

/** What names a record: its id, and the hash of the token that is mailed for it. */
export function recordNamed(id: string, tokenOf: (id: string) => string): RecordName {
  return { id, tokenHash: tokenHashOf(tokenOf(id)) };
}

/** What the table keeps of a token that is mailed. */
export function tokenHashOf(token: string): string {
  return hash('sha256', token, 'base64url');
}
