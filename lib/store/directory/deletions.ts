import * as v from 'valibot';
import {
  checkStatuses,
  type Deletion,
  type DeletionCheck,
  deletionCheckMachine,
  deletionCheckRules,
  deletionMachine,
  deletionRules,
  deletionStatuses,
} from '#lib/domain/directory/deletion.ts';
import { findings } from '#lib/domain/directory/findings.ts';
import type { Aggregate, Kind } from '#lib/store/aggregate.ts';
import { deletionCheckKey, deletionKey, deletionUidOf } from '#lib/store/keys.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row } from '#lib/table/table.ts';

const undertaken = {
  uid: v.number(),
  version: v.number(),
  managementUid: v.number(),
  findings: v.array(v.picklist(findings)),
  requestId: v.string(),
  createdAtMs: v.number(),
  updatedAtMs: v.number(),
};

export const deletionCheckRow = rowKind({
  type: 'deletionCheck',
  shape: v.object({ ...undertaken, status: v.picklist(checkStatuses) }),
  // Before the second schema no account was enrolled.
  upgrades: [(row) => row],
});

export const deletionRow = rowKind({
  type: 'deletion',
  shape: v.object({
    ...undertaken,
    status: v.picklist(deletionStatuses),
    abandoned: v.array(v.picklist(findings)),
  }),
  upgrades: [(row) => row],
});

interface UndertakenKind extends Kind {
  readonly id: number;
  readonly party: 'management';
  readonly guard: never;
  readonly effect: never;
  readonly said: object;
}

interface DeletionCheckKind extends UndertakenKind {
  readonly status: DeletionCheck['status'];
  readonly event: keyof typeof deletionCheckMachine.transitions;
  readonly state: DeletionCheck;
}

export interface DeletionKind extends UndertakenKind {
  readonly status: Deletion['status'];
  readonly event: keyof typeof deletionMachine.transitions;
  readonly state: Deletion;
}

/** The aggregate of checks, by the uid of the member. */
export const deletionCheckAggregate: Aggregate<DeletionCheckKind> = {
  machine: deletionCheckMachine,
  rules: deletionCheckRules,
  subject: 'deletionCheck',
  sortKey: 'DELETIONCHECK',
  key: deletionCheckKey,
  idOf: deletionUidOf,
  read: checkOf,
  effects: {},
};

/** The aggregate of deletions, by the uid of the member. */
export const deletionAggregate: Aggregate<DeletionKind> = {
  machine: deletionMachine,
  rules: deletionRules,
  subject: 'deletion',
  sortKey: 'DELETION',
  key: deletionKey,
  idOf: deletionUidOf,
  read: deletionOf,
  effects: {},
};

/** The check of a row; throws when the row is malformed. */
export function checkOf({ v: version, ...row }: Row): DeletionCheck {
  return deletionCheckRow.read({ ...row, version });
}

/** The deletion of a row; throws when the row is malformed. */
export function deletionOf({ v: version, ...row }: Row): Deletion {
  return deletionRow.read({ ...row, version });
}
