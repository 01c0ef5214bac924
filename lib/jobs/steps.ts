import type * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import { Refusal } from '#lib/errors.ts';
import type { StreamOutcome, StreamRecord } from '#lib/jobs/job.ts';
import type { Ports } from '#lib/ports.ts';
import { commit, isGivenUp, Stale, type Write } from '#lib/table/commit.ts';
import { IllegibleRow, imageOf, type RowKind } from '#lib/table/rowKind.ts';
import type { Table } from '#lib/table/table.ts';

/** How often a step is tried while what it is taken from changes. Then it is left for the sweep. */
const MOST_TRIES = 8;
/** How many accounts have their steps taken side by side. */
const SIDE_BY_SIDE = 10;

/** How the steps of one kind are taken. */
export interface Steps<Shape extends v.GenericSchema<object, object>> {
  /** The job, as the log names it. */
  readonly job: string;
  readonly kind: RowKind<Shape>;
  readonly ports: Ports;
  readonly table: Table;
  /** The accounts whose next step a row calls for. */
  uidsOf(step: v.InferOutput<Shape>): readonly number[];
  /** The write of an account's next step; an empty one if nothing is left to be done. */
  nextOf(uid: number, step: v.InferOutput<Shape>): Promise<Write>;
}

/** One row among the changes of the table, and what has become of it. */
interface Delivered<Step> {
  readonly sequenceNumber: string;
  /** Undefined if it cannot be read, and then why. */
  readonly step: Step | undefined;
  readonly fault?: string;
  outcome: 'taken' | 'passedOver' | 'failed';
}

/**
 * Takes the steps that new rows among the changes of the table call for, one for each account of each row; those of an account one after
 * the other. Which step, the thing itself tells, and it is one conditional transaction: a row that comes again, or late, does no harm.
 * Answers from which row on the batch has to be delivered again. What cannot be read, or keeps changing, is logged, counted and passed over:
 * the row itself as well as what it is a step of.
 */
export async function takeSteps<Shape extends v.GenericSchema<object, object>>(
  steps: Steps<Shape>,
  records: readonly StreamRecord[],
): Promise<StreamOutcome> {
  const { job, ports } = steps;
  const delivered = records.map((record) => deliveredIn(steps, record));
  const chains = [...chainsOf(steps, delivered)];
  const worker = async () => {
    for (let chain = chains.shift(); chain !== undefined; chain = chains.shift()) await takeChain(steps, chain);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  const passedOver = delivered.filter(({ outcome }) => outcome === 'passedOver');
  for (const { fault, sequenceNumber } of passedOver) {
    ports.log({ level: 'error', job, sequenceNumber, isPassedOver: true, ...(fault !== undefined && { fault }) });
  }
  const again = delivered.find(({ outcome }) => outcome === 'failed')?.sequenceNumber;
  return { again, passedOver: passedOver.length };
}

function deliveredIn<Shape extends v.GenericSchema<object, object>>(
  { kind }: Steps<Shape>,
  { dynamodb }: StreamRecord,
): Delivered<v.InferOutput<Shape>> {
  const sequenceNumber = dynamodb?.SequenceNumber ?? '';
  try {
    return { sequenceNumber, step: kind.read(imageOf(dynamodb?.NewImage ?? {})), outcome: 'taken' };
  } catch (error) {
    return { sequenceNumber, step: undefined, fault: String(error), outcome: 'passedOver' };
  }
}

type Chain<Step> = readonly [uid: number, delivered: readonly Delivered<Step>[]];

/** The rows by the accounts whose steps they call for, in their order. */
function chainsOf<Shape extends v.GenericSchema<object, object>>(
  { uidsOf }: Steps<Shape>,
  delivered: readonly Delivered<v.InferOutput<Shape>>[],
): Chain<v.InferOutput<Shape>>[] {
  const chains = new Map<number, Delivered<v.InferOutput<Shape>>[]>();
  for (const one of delivered) {
    for (const uid of one.step === undefined ? [] : uidsOf(one.step)) {
      chains.set(uid, [...(chains.get(uid) ?? []), one]);
    }
  }
  return [...chains];
}

/** Takes the steps of an account. After one that failed for now, those behind it wait for the next delivery. */
async function takeChain<Shape extends v.GenericSchema<object, object>>(
  steps: Steps<Shape>,
  [uid, delivered]: Chain<v.InferOutput<Shape>>,
): Promise<void> {
  const { job, ports } = steps;
  for (const one of delivered) {
    if (one.step === undefined) continue;
    try {
      if (!(await isTaken(steps, uid, one.step)) && one.outcome === 'taken') one.outcome = 'passedOver';
    } catch (error) {
      const { sequenceNumber } = one;
      ports.log({ level: 'error', job, uid, sequenceNumber, error: String(error) });
      // What is damaged stays so: waiting for it would hold up all others.
      if (!(error instanceof IllegibleRow)) one.outcome = 'failed';
      else if (one.outcome === 'taken') one.outcome = 'passedOver';
      if (one.outcome === 'failed') return;
    }
  }
}

/** Whether a step was taken, or there is none left to take. */
async function isTaken<Shape extends v.GenericSchema<object, object>>(
  { nextOf, table }: Steps<Shape>,
  uid: number,
  step: v.InferOutput<Shape>,
): Promise<boolean> {
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    try {
      await commit(table, await nextOf(uid, step));
      return true;
    } catch (error) {
      const hasChanged = error instanceof Stale || (error instanceof Refusal && !isGivenUp(error));
      if (!hasChanged) throw error;
    }
  }
  return false;
}

/** A call by which a step is taken for an account that asked, as a part of what it asked. */
export function callFor(
  { managementUid: uid, requestId }: { readonly managementUid: number; readonly requestId: string },
  action: string,
  ports: Ports,
): Call {
  const nowMs = ports.now();
  return {
    requestId,
    action,
    caller: { kind: 'account', keyId: '', uid, isRoot: false },
    uid,
    newEventId: () => ports.ids.eventId(nowMs),
    nowMs,
    now: ports.now,
    sourceIp: '',
  };
}
