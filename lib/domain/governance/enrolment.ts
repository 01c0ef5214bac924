import { type EnrolmentFailure, timedOut } from '#lib/domain/governance/enrolmentFailure.ts';
import { itemsApplied } from '#lib/domain/governance/itemProgress.ts';
import { defineMachine, dueEvent } from '#lib/domain/machine.ts';
import type { Rules } from '#lib/domain/rules.ts';

declare module '#lib/errors.ts' {
  interface Reasons {
    /** No report on that item is awaited, or none any more. */
    ReportUnexpected: Record<never, never>;
  }
}

export const enrolmentStatuses = [
  'scheduling',
  'pending',
  'running',
  'awaiting',
  'resting',
  'finished',
  'failed',
] as const;

export type EnrolmentStatus = (typeof enrolmentStatuses)[number];

export type EnrolmentEvent = keyof typeof enrolmentMachine.transitions;

/** The application of a baseline to an account: there is one of each account, the latest. Times are epoch ms. */
export interface Enrolment {
  readonly uid: number;
  readonly version: number;
  readonly managementUid: number;
  readonly status: EnrolmentStatus;
  readonly baselineId: string;
  /** Whether the baseline counts the accounts enrolled under it. A system baseline does not. */
  readonly isCounted: boolean;
  /** The baseline of the enrolment before, as long as that still counts the account. */
  readonly leaves?: string | undefined;
  /** The names of the items to be applied, in the order of their application. */
  readonly order: readonly string[];
  /** How many of them have been applied. */
  readonly applied: number;
  /** How often the item that is next was tried in vain. */
  readonly attempts: number;
  /** The items that earlier enrolments of the account have applied. */
  readonly earlier: readonly string[];
  /** Whether a baseline was ever applied to the account as a whole. */
  readonly isInitialized: boolean;
  readonly failure?: EnrolmentFailure | undefined;
  /** The call that asked for it. */
  readonly requestId: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly deadlineMs?: number | undefined;
}

/**
 * The life of an enrolment (docs/decisions.md D85). An item is applied while it is `running`. While it is `awaiting`, somebody else applies
 * the item and has until the deadline to report; while it is `resting`, the item is tried again after the deadline.
 */
export const enrolmentMachine = defineMachine({
  name: 'enrolment',
  lapses: { awaiting: 'timeOut', resting: 'resume' },
  transitions: {
    enroll: { from: 'nothing', to: 'pending', by: 'management' },
    schedule: { from: 'nothing', to: 'scheduling', by: 'management' },
    dispatch: { from: 'scheduling', to: 'pending', by: 'management' },
    begin: { from: 'pending', to: 'running', by: 'management' },
    apply: { from: 'running', to: 'running', by: 'management' },
    postpone: { from: 'running', to: 'resting', by: 'management' },
    resume: { from: 'resting', to: 'running', by: 'clock' },
    handOver: { from: 'running', to: 'awaiting', by: 'management' },
    reportApplied: { from: 'awaiting', to: 'running', by: 'management' },
    reportRetry: { from: 'awaiting', to: 'resting', by: 'management' },
    reportFailed: { from: 'awaiting', to: 'failed', by: 'management' },
    timeOut: { from: 'awaiting', to: 'failed', by: 'clock' },
    fail: { from: 'running', to: 'failed', by: 'management' },
    finish: { from: 'running', to: 'finished', by: 'management' },
  },
});

/** How an enrolment refuses what its state table does not allow: only reports come from outside. */
export const enrolmentRules: Rules<Enrolment, EnrolmentStatus, 'management', never, object> = {
  unknown: 'BlueprintUnknown',
  notParty: { management: 'BlueprintUnknown' },
  wrongStatus: {
    scheduling: 'ReportUnexpected',
    pending: 'ReportUnexpected',
    running: 'ReportUnexpected',
    awaiting: 'ReportUnexpected',
    resting: 'ReportUnexpected',
    finished: 'ReportUnexpected',
    failed: 'ReportUnexpected',
  },
  guards: {},
};

const over = ['finished', 'failed'] as const satisfies EnrolmentStatus[];

/** Whether there is a step left to take. */
export function isEnrolling({ status }: Pick<Enrolment, 'status'>): boolean {
  return !over.some((one) => one === status);
}

/** An enrolment as it stands at `nowMs`, whether or not it is recorded that nobody has reported in time. */
export function enrolmentAt(enrolment: Enrolment, nowMs: number): Enrolment {
  const due = dueEvent(enrolmentMachine, enrolment, nowMs);
  if (due !== 'timeOut') return enrolment;
  const { deadlineMs: updatedAtMs = nowMs, ...lapsed } = enrolment;
  return { ...lapsed, status: enrolmentMachine.transitions[due].to, updatedAtMs, failure: timedOut };
}

/** An enrolment that is asked for. */
export interface AskedEnrolment
  extends Pick<Enrolment, 'uid' | 'managementUid' | 'baselineId' | 'isCounted' | 'order' | 'requestId'> {
  /** The enrolment of the account before, which must be over. */
  readonly prior: Enrolment | undefined;
}

/** An enrolment that begins anew. What earlier ones have applied to the account stays. */
export function newEnrolment(
  { prior, ...asked }: AskedEnrolment,
  event: 'enroll' | 'schedule',
  nowMs: number,
): Enrolment {
  const isMoved = prior?.isCounted === true && prior.baselineId !== asked.baselineId;
  return {
    ...asked,
    version: (prior?.version ?? 0) + 1,
    status: enrolmentMachine.transitions[event].to,
    ...(isMoved && { leaves: prior.baselineId }),
    applied: 0,
    attempts: 0,
    earlier: prior ? itemsApplied(prior) : [],
    isInitialized: prior?.isInitialized ?? false,
    createdAtMs: prior?.createdAtMs ?? nowMs,
    updatedAtMs: nowMs,
  };
}
