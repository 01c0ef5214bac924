import { SignatureError } from '#lib/auth/signatureError.ts';
import type { Access } from '#lib/call.ts';
import type { Parameters, Rendered } from '#lib/dialects/dialect.ts';
import { Refusal } from '#lib/errors.ts';
import type { Context, Mutation } from '#lib/pipeline/declaration.ts';
import { type Fence, fenceOf, isRefusal, type Recognition } from '#lib/pipeline/fence.ts';
import { bySignature, byToken, optionsOf } from '#lib/pipeline/repetition.ts';
import type { Admitted } from '#lib/pipeline/route.ts';
import { Committed, findRepeated, Repeated } from '#lib/store/once.ts';
import { commit, Stale, type Write } from '#lib/table/commit.ts';
import { onlyChecked } from '#lib/table/items.ts';

const RERUN_PAUSE_MS = 20;

type AnyContext = Context<Mutation['input'], Access>;

/** One call of a mutation, and how its answer is put into words. */
interface Course {
  readonly operation: Mutation;
  readonly context: AnyContext;
  readonly admitted: Admitted;
  readonly render: (output: object) => Rendered;
  readonly recognition: Recognition;
  readonly fence: Fence;
  readonly isDryRun: boolean;
}

/**
 * Runs a mutation and commits its write, together with what keeps the call from acting twice, in one transaction. Answers a repetition
 * with the first answer, byte for byte. A refusal is final: before it is told, the bytes that asked for it are used up. A dry run goes
 * through all of it, leaves nothing, and is then refused with `DryRunPassed`. Throws `OutcomeUnknown` where the table does not say
 * whether it was done.
 */
export async function mutate(
  operation: Mutation,
  context: AnyContext,
  admitted: Admitted,
  parameters: Parameters,
  render: (output: object) => Rendered,
): Promise<Rendered> {
  const { call, deps, input } = context;
  const { ClientToken, DryRun } = optionsOf(parameters);
  const moment = { digest: deps.keyring.digest, nowMs: call.nowMs, wallNowMs: deps.ports.wallNow() };
  const signature = bySignature(admitted, moment);
  const token = byToken(admitted, operation, input, ClientToken, moment);
  const recognition = { signature, token, answersSecret: operation.answersSecret ?? false };
  const fence = fenceOf(admitted, recognition, deps);
  const course = { operation, context, admitted, render, recognition, fence, isDryRun: DryRun };
  if (signature) deps.deliveries?.answered(admitted.received, signature.id);
  const answer = await attempt(course, (rendered) => {
    const guard = fence.guarding(rendered);
    return (write) => (DryRun ? onlyChecked(guard(write)) : guard(write));
  }).catch((error: unknown) => settled(error, course));
  if (DryRun) throw new Refusal('DryRunPassed', {});
  operation.committed?.(context);
  return answer;
}

/** Runs the operation again for as long as what it read has changed by the time it commits. Throws `Busy` when the call's time is up. */
async function attempt(
  { admitted, context, fence, operation, render }: Course,
  wrapped: (rendered: Rendered) => (write: Write) => Write,
): Promise<Rendered> {
  const { ports, table } = context.deps;
  const { remainingMs } = admitted;
  for (;;) {
    const { output, write } = await operation.run(context);
    const rendered = render(output);
    try {
      await commit(table, write, { around: wrapped(rendered), remainingMs, doubt: fence.doubt });
      return rendered;
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      if (remainingMs() <= 0) throw new Refusal('Busy', {});
      await ports.pause(RERUN_PAUSE_MS);
    }
  }
}

/** The answer to a call whose write was refused, if it was made before or has committed after all; else throws why it is refused. */
async function settled(thrown: unknown, course: Course): Promise<Rendered> {
  const { admitted, context, fence, recognition } = course;
  // Where the table does not say whether there is one, that it does not is told instead.
  const error = (await precedent(thrown, course).catch((unread: unknown) => unread)) ?? thrown;
  if (error instanceof Committed) return fence.answerOf(error);
  if (error instanceof Repeated && error.id === recognition.token?.id) {
    const answer = fence.answerOf(error);
    // A retry has bytes of its own, which could act once the token is forgotten, or was taken out of them.
    return course.isDryRun ? answer : ((await fence.close(answer)) ?? answer);
  }
  if (error instanceof Repeated) {
    if (isByState(error, course)) await stillAllowed(thrown, course);
    return fence.answerOf(error);
  }
  if (error instanceof SignatureError) context.deps.keyring.forget(admitted.identity.keyId);
  if (isRefusal(error)) {
    const done = leavesRecord(course) ? await fence.close(error) : undefined;
    if (done) return done;
  } else if (fence.doubt.isUnsure) throw new Refusal('OutcomeUnknown', {}, { cause: error });
  throw error;
}

/** What an earlier call under the same token, or of the same bytes, has come to, if a refusal is due to that. */
async function precedent(thrown: unknown, course: Course): Promise<Error | undefined> {
  if (!(thrown instanceof Refusal) || !isRefusal(thrown)) return undefined;
  const { context, recognition } = course;
  const { table } = context.deps;
  const { requestId } = context.call;
  const { signature, token } = recognition;
  const byToken = token && (await findRepeated(table, token, requestId));
  // Otherwise the record of the refusal finds the other one in its way.
  return byToken ?? (signature && !leavesRecord(course) ? findRepeated(table, signature, requestId) : undefined);
}

/**
 * Whether a refusal uses the bytes up. A local stand-in lets the same bytes be tried again, as the vendors do: their clients sign equal
 * calls of one second equally where the scheme has no nonce.
 */
function leavesRecord({ context, fence, isDryRun, recognition }: Course): boolean {
  if (isDryRun) return false;
  return recognition.signature === undefined || context.deps.deliveries === undefined || fence.doubt.isUnsure;
}

/** Whether the same bytes are a second call, not the retry of one whose answer was lost: where that is known, the answer has arrived. */
function isByState({ id }: Repeated, { context, isDryRun, recognition }: Course): boolean {
  return !isDryRun && recognition.token === undefined && context.deps.deliveries?.has(id) === true;
}

/** Throws what the state refuses a second call for; it writes nothing. */
async function stillAllowed(thrown: unknown, course: Course): Promise<void> {
  if (thrown instanceof Refusal) throw thrown;
  await attempt(course, () => onlyChecked);
}
