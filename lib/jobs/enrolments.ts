import type { Call } from '#lib/call.ts';
import { effectiveItems } from '#lib/domain/governance/effective.ts';
import { isEnrolling } from '#lib/domain/governance/enrolment.ts';
import { triedInVain } from '#lib/domain/governance/enrolmentFailure.ts';
import type { JobContext, StreamOutcome, StreamRecord } from '#lib/jobs/job.ts';
import type { Provided, Provider } from '#lib/jobs/provider.ts';
import { callFor, type Steps, takeSteps } from '#lib/jobs/steps.ts';
import type { Ports } from '#lib/ports.ts';
import { begin, dispatch, fail, finish, handOver, noteApplied, postpone } from '#lib/store/governance/advancing.ts';
import { configurationOf } from '#lib/store/governance/configurations.ts';
import { type Enrolled, readEnrolled } from '#lib/store/governance/enrolled.ts';
import { enrolmentStepRow, lapseEnrolment } from '#lib/store/governance/enrolmentSteps.ts';
import type { Write } from '#lib/table/commit.ts';
import type { Table } from '#lib/table/table.ts';

const JOB = 'advanceEnrolments';

/** Takes the steps of enrolments that new rows among the changes of the table call for, as {@link takeSteps} does. */
export function advanceEnrolments(
  { deps: { ports, table }, provider }: JobContext<'provider'>,
  records: readonly StreamRecord[],
): Promise<StreamOutcome> {
  const steps: Steps<typeof enrolmentStepRow.shape> = {
    job: JOB,
    kind: enrolmentStepRow,
    ports,
    table,
    uidsOf: ({ uids }) => uids,
    nextOf: (uid) => stepOf(table, provider, ports, uid),
  };
  return takeSteps(steps, records);
}

async function stepOf(table: Table, provider: Provider, ports: Ports, uid: number): Promise<Write> {
  const enrolled = await readEnrolled(table, uid);
  if (enrolled === undefined || !isEnrolling(enrolled.enrolment)) return [];
  const { enrolment } = enrolled;
  const call = callFor(enrolment, 'EnrollAccount', ports);
  switch (enrolment.status) {
    case 'scheduling':
      return dispatch(enrolment, call);
    case 'pending':
      return begin(enrolment, call);
    case 'running':
      return nextOf(enrolled, provider, ports, call);
    default:
      return lapseEnrolment(enrolment, call);
  }
}

/** The step that applies the next item, or the last one where all have been applied. */
async function nextOf(
  { configurations, enrolment, plan }: Enrolled,
  provider: Provider,
  ports: Ports,
  call: Call,
): Promise<Write> {
  const { applied, managementUid, order, uid } = enrolment;
  const item = effectiveItems(plan).find(({ name }) => name === order[applied]);
  if (item === undefined) return finish(enrolment, call);
  const target = { uid, managementUid, configuration: configurationOf(configurations) };
  const provided = await provider.apply(item, target).catch((error: unknown): Provided => {
    // One account whose item nobody can apply must not hold up the others.
    ports.log({ level: 'error', job: JOB, uid, item: item.name, error: String(error) });
    return { is: 'unavailable', failure: triedInVain };
  });
  switch (provided.is) {
    case 'applied': {
      const before = configurations.find((one) => one.item === item.name);
      return noteApplied(enrolment, item, provided.applied, before, call, provided.claimRefused);
    }
    case 'handedOver':
      return handOver(enrolment, item, call);
    case 'unavailable':
      return postpone(enrolment, item, provided.failure, call);
    case 'failed':
      return fail(enrolment, item, provided.failure, call);
  }
}
