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
import { IllegibleRow, rowKind } from '#lib/table/rowKind.ts';
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
    requestId: v.optional(v.string()),
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
  // A plan of the first schema does not say which call it is of.
  upgrades: [(row) => row],
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

/** An enrolment, and what it applies. */
export interface Planned {
  readonly enrolment: Enrolment;
  readonly plan: EnrolmentPlan;
}

/** How often rows are read that turn out not to be of one moment. Between two of these, an account is enrolled anew. */
const MOST_LOOKS = 5;

/**
 * Rows as `read` finds them, with the enrolments that some of them say, each with its plan: of one call, though rows that are read together
 * are not of one moment. `partsOf` picks the two rows of each. Throws `IllegibleRow` when they are malformed, or stay apart.
 */
export async function readPlanned<Rows>(
  read: () => Promise<Rows>,
  partsOf: (rows: Rows) => readonly (readonly [enrolment: Row | undefined, plan: Row | undefined])[],
): Promise<readonly [rows: Rows, planned: readonly (Planned | undefined)[]]> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const rows = await read();
    const planned = partsOf(rows).map(([enrolment, plan]) => plannedIn(enrolment, plan));
    if (planned.every((one) => one !== 'apart')) return [rows, planned];
  }
  throw new IllegibleRow('an enrolment and its plan are of different calls');
}

function plannedIn(enrolmentFound: Row | undefined, planFound: Row | undefined): Planned | undefined | 'apart' {
  if (enrolmentFound === undefined && planFound === undefined) return undefined;
  if (enrolmentFound === undefined || planFound === undefined) return 'apart';
  const enrolment = enrolmentOf(enrolmentFound);
  const { requestId = enrolment.requestId, ...plan } = enrolmentPlanRow.read(planFound);
  return requestId === enrolment.requestId ? { enrolment, plan } : 'apart';
}

/** The row of what an enrolment applies. It is not to hold the configuration of an item that the caller has replaced. */
export function planRowOf(
  { requestId, uid }: Pick<Enrolment, 'requestId' | 'uid'>,
  { base, inputs }: EnrolmentPlan,
): Row {
  const replaced = new Set(inputs.items.flatMap(({ config, name }) => (config === undefined ? [] : [name])));
  const kept = base.map(({ config, ...item }) => (replaced.has(item.name) ? item : { ...item, config }));
  return enrolmentPlanRow.row(enrolmentPlanKey(uid), { requestId, base: kept, inputs });
}
