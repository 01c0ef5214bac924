import * as v from 'valibot';
import type { EnrolmentPlan } from '#lib/domain/governance/effective.ts';
import {
  type Enrolment,
  type EnrolmentEvent,
  type EnrolmentStatus,
  enrolmentMachine,
  enrolmentRules,
  enrolmentStatuses,
} from '#lib/domain/governance/enrolment.ts';
import type { Aggregate, Kind } from '#lib/store/aggregate.ts';
import { enrolmentKey, enrolmentPlanKey, enrolmentRank, enrolmentsOf, enrolmentUidOf } from '#lib/store/keys.ts';
import { rowKind } from '#lib/table/rowKind.ts';
import type { Row } from '#lib/table/table.ts';

/** What moves with each step. It stands in an index, and so does not hold the configurations, which may be long. */
export const enrolmentRow = rowKind({
  type: 'enrolment',
  shape: v.object({
    uid: v.number(),
    version: v.number(),
    managementUid: v.number(),
    status: v.picklist(enrolmentStatuses),
    baselineId: v.string(),
    isCounted: v.boolean(),
    leaves: v.optional(v.string()),
    order: v.array(v.string()),
    applied: v.number(),
    attempts: v.number(),
    earlier: v.array(v.string()),
    isInitialized: v.boolean(),
    failure: v.optional(v.object({ code: v.string(), message: v.string(), product: v.string() })),
    requestId: v.string(),
    createdAtMs: v.number(),
    updatedAtMs: v.number(),
    deadlineMs: v.optional(v.number()),
  }),
  // In the first schema an enrolment could also fail before it was dispatched.
  upgrades: [({ status, ...row }) => ({ ...row, status: status === 'scheduleFailed' ? 'failed' : status })],
});

const item = { name: v.string(), version: v.string(), config: v.optional(v.string()) };

/** What an enrolment applies, and what its caller said. It stays as it is until the account is enrolled again. */
export const enrolmentPlanRow = rowKind({
  type: 'enrolmentPlan',
  shape: v.object({
    base: v.array(v.object(item)),
    inputs: v.object({
      namePrefix: v.optional(v.string()),
      displayName: v.optional(v.string()),
      folderId: v.optional(v.string()),
      payerUid: v.optional(v.number()),
      uid: v.optional(v.number()),
      items: v.array(v.object({ ...item, skip: v.boolean() })),
      tags: v.optional(v.array(v.object({ key: v.string(), value: v.string() }))),
    }),
  }),
});

export interface EnrolmentKind extends Kind {
  readonly id: number;
  readonly status: EnrolmentStatus;
  readonly event: EnrolmentEvent;
  readonly party: 'management';
  readonly guard: never;
  readonly effect: never;
  readonly state: Enrolment;
  readonly said: object;
}

/** The aggregate of enrolments, by the uid of the account. */
export const enrolmentAggregate: Aggregate<EnrolmentKind> = {
  machine: enrolmentMachine,
  rules: enrolmentRules,
  subject: 'enrolment',
  sortKey: 'ENROLMENT',
  key: enrolmentKey,
  idOf: enrolmentUidOf,
  read: enrolmentOf,
  effects: {},
};

/** The enrolment of a row; throws when the row is malformed. */
export function enrolmentOf({ v: version, ...row }: Row): Enrolment {
  return enrolmentRow.read({ ...row, version });
}

/** The row of an enrolment that is asked for. Its place in the list is that of the account's first enrolment. */
export function rowOf({ version, ...enrolment }: Enrolment): Row {
  const { createdAtMs, managementUid, uid } = enrolment;
  return enrolmentRow.row(enrolmentKey(uid), {
    v: version,
    ...enrolment,
    gsi1pk: enrolmentsOf(managementUid),
    gsi1sk: enrolmentRank(createdAtMs, uid),
  });
}

/** What an enrolment applies, from its row; throws when that is malformed. */
export function planOf(row: Row): EnrolmentPlan {
  return enrolmentPlanRow.read(row);
}

/** The row of what an enrolment applies. It is not to hold the configuration of an item that the caller has replaced. */
export function planRowOf(uid: number, { base, inputs }: EnrolmentPlan): Row {
  const replaced = new Set(inputs.items.flatMap(({ config, name }) => (config === undefined ? [] : [name])));
  const kept = base.map(({ config, ...item }) => (replaced.has(item.name) ? item : { ...item, config }));
  return enrolmentPlanRow.row(enrolmentPlanKey(uid), { base: kept, inputs });
}
