import { SignatureError } from '#lib/auth/signatureError.ts';
import type { Access } from '#lib/call.ts';
import type { Parameters, Rendered } from '#lib/dialects/dialect.ts';
import { Refusal } from '#lib/errors.ts';
import type { Context, Mutation } from '#lib/pipeline/declaration.ts';
import { optionsOf, signatureKeyOf, tokenKeyOf } from '#lib/pipeline/idempotency.ts';
import type { Admitted } from '#lib/pipeline/middleware.ts';
import { refuseBeforehand } from '#lib/pipeline/refuseBeforehand.ts';
import { type IdempotencyKeys, isFinal, type ReplayGuard, replayGuardOf } from '#lib/pipeline/replayGuard.ts';
import { Committed, findRepeated, Repeated } from '#lib/store/once.ts';
import { commit, lookAhead, Stale, type Write } from '#lib/table/commit.ts';
import { onlyChecked } from '#lib/table/items.ts';

const RERUN_PAUSE_MS = 20;

type AnyContext = Context<Mutation['input'], Access>;

/** One call of a mutation. */
interface MutationCall {
  readonly operation: Mutation;
  readonly context: AnyContext;
  readonly admitted: Admitted;
  readonly render: (output: object) => Rendered;
  readonly keys: IdempotencyKeys;
  readonly guard: ReplayGuard;
  readonly isDryRun: boolean;
}

/**
 * Runs a mutation and commits its write, together with what keeps the call from taking effect twice, in one transaction.
 * Answers a repeated call with the first answer, byte for byte. A refusal is final: before it is told, the bytes of the
 * call are used up. A dry run checks everything, writes nothing, and is then refused with `DryRunPassed`. Throws
 * `OutcomeUnknown` where the table does not say whether the write was done.
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
  const signature = signatureKeyOf(admitted, moment);
  let token: IdempotencyKeys['token'];
  try {
    token = tokenKeyOf(admitted, operation, input, ClientToken, moment);
  } catch (error) {
    if (DryRun) throw error;
    return refuseBeforehand(error, admitted, deps);
  }
  const keys = { signature, token, answersSecret: operation.answersSecret ?? false };
  const guard = replayGuardOf(admitted, keys, deps);
  const mutation = { operation, context, admitted, render, keys, guard, isDryRun: DryRun };
  if (signature) deps.deliveries?.answered(admitted.received, signature.id);
  const answer = await attempt(mutation, (rendered) => {
    const guarded = guard.guarding(rendered);
    return (write) => (DryRun ? onlyChecked(guarded(write)) : guarded(write));
  }).catch((error: unknown) => answerAfter(error, mutation));
  if (DryRun) throw new Refusal('DryRunPassed', {});
  operation.committed?.(context);
  return answer;
}

/** Runs the operation again while what it read has changed by the time it commits. Throws `Busy` when the call's time is up. */
async function attempt(
  { admitted, context, guard, operation, render }: MutationCall,
  wrapped: (rendered: Rendered) => (write: Write) => Write,
): Promise<Rendered> {
  const { keyring, ports, table } = context.deps;
  const { identity, remainingMs } = admitted;
  for (;;) {
    const { output, write } = await operation.run(context);
    // A transaction holds others up, also if it is refused. Who was refused a moment ago looks first whether it would be again.
    if (keyring.wasRefused(identity.keyId)) await lookAhead(table, write);
    const rendered = render(output);
    try {
      await commit(table, write, { around: wrapped(rendered), remainingMs, doubt: guard.doubt });
      return rendered;
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      if (remainingMs() <= 0) throw new Refusal('Busy', {});
      await ports.pause(RERUN_PAUSE_MS);
    }
  }
}

/**
 * The answer to a call whose attempt failed, if it repeats an earlier one or has committed after all. Otherwise throws
 * why it is refused.
 */
async function answerAfter(thrown: unknown, mutation: MutationCall): Promise<Rendered> {
  const { admitted, context, guard, isDryRun, keys } = mutation;
  // If the table cannot be asked for an earlier call, that failure is told instead.
  const error = (await earlierCall(thrown, mutation).catch((unread: unknown) => unread)) ?? thrown;
  if (error instanceof Committed) return guard.answerOf(error);
  if (error instanceof Repeated && error.id === keys.token?.id) {
    const answer = guard.answerOf(error);
    // A retry has bytes of its own, which could act once the token is forgotten, or removed from its headers.
    return isDryRun ? answer : ((await guard.close(answer)) ?? answer);
  }
  if (error instanceof Repeated) {
    if (isSecondCall(error, mutation)) await checkAgain(thrown, mutation);
    return guard.answerOf(error);
  }
  if (error instanceof SignatureError) context.deps.keyring.forget(admitted.identity.keyId);
  if (isFinal(error)) {
    context.deps.keyring.noteRefused(admitted.identity.keyId);
    const done = usesUpBytes(mutation) ? await guard.close(error) : undefined;
    if (done) return done;
  } else if (guard.doubt.isUnsure) throw new Refusal('OutcomeUnknown', {}, { cause: error });
  throw error;
}

/** The earlier call under the same token or with the same bytes, which may be why this one is refused. */
async function earlierCall(thrown: unknown, mutation: MutationCall): Promise<Error | undefined> {
  if (!(thrown instanceof Refusal) || !isFinal(thrown)) return undefined;
  const { context, keys } = mutation;
  const { table } = context.deps;
  const { requestId } = context.call;
  const { signature, token } = keys;
  const byToken = token && (await findRepeated(table, token, requestId));
  // Where a refusal uses the bytes up, writing its record finds an earlier call with the same bytes.
  return byToken ?? (signature && !usesUpBytes(mutation) ? findRepeated(table, signature, requestId) : undefined);
}

/**
 * Whether a refusal uses the bytes of the call up. The emulator lets the same bytes be tried again, as the vendors do:
 * where the scheme has no nonce, their clients sign equal calls of one second equally.
 */
function usesUpBytes({ context, guard, isDryRun, keys }: MutationCall): boolean {
  if (isDryRun) return false;
  return keys.signature === undefined || context.deps.deliveries === undefined || guard.doubt.isUnsure;
}

/** Whether the same bytes are a second call and not a retry: so they are if the first answer is known to have arrived. */
function isSecondCall({ id }: Repeated, { context, isDryRun, keys }: MutationCall): boolean {
  return !isDryRun && keys.token === undefined && context.deps.deliveries?.has(id) === true;
}

/** Throws what the present state refuses a second call for. Writes nothing. */
async function checkAgain(thrown: unknown, mutation: MutationCall): Promise<void> {
  if (thrown instanceof Refusal) throw thrown;
  await attempt(mutation, () => onlyChecked);
}
