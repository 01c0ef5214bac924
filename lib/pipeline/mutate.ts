import * as v from 'valibot';
import { NONCE_MEMORY_MS } from '#lib/auth/nonceMemory.ts';
import type { Access } from '#lib/call.ts';
import type { Deps } from '#lib/deps.ts';
import type { Parameters, Rendered } from '#lib/dialects/dialect.ts';
import { Refusal } from '#lib/errors.ts';
import type { Context, Mutation } from '#lib/pipeline/declaration.ts';
import { optionsOf, type Recognised, repetitionsOf } from '#lib/pipeline/repetition.ts';
import type { Admitted } from '#lib/pipeline/route.ts';
import { findRepeated, keepAnswer, Repeated, type Repetition } from '#lib/store/answers.ts';
import { useNonce } from '#lib/store/nonces.ts';
import { commit, Stale, type Write } from '#lib/table/commit.ts';
import { onlyChecked } from '#lib/table/items.ts';

const RERUN_PAUSE_MS = 20;

const renderedSchema = v.object({ status: v.number(), headers: v.record(v.string(), v.string()), body: v.string() });

type AnyContext = Context<Mutation['input'], Access>;

/**
 * Runs a mutation and commits its write, together with what keeps the call from being made twice, in one transaction. Answers a
 * repetition with the first answer, byte for byte. A dry run goes through all of it and is then refused with `DryRunPassed`.
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
  const recognition = { digest: deps.keyring.digest, nowMs: call.nowMs, wallNowMs: deps.ports.wallNow() };
  const repetitions = repetitionsOf(admitted, operation, input, ClientToken, recognition);
  const around = (write: Write, rendered: Rendered): Write => {
    const whole = [...once(admitted, repetitions, rendered, context), ...write];
    return DryRun ? onlyChecked(whole) : whole;
  };
  const rendered = await attempt(operation, context, { render, around, ...admitted }).catch((error: unknown) =>
    answerAgain(error, repetitions, deps),
  );
  if (DryRun) throw new Refusal('DryRunPassed', {});
  operation.committed?.(context);
  return rendered;
}

/** The first answer to the call that this one repeats, if the error is due to that. */
async function answerAgain(error: unknown, repetitions: readonly Repetition[], deps: Deps): Promise<Rendered> {
  const repeated = await repeatedBy(error, repetitions, deps);
  if (repeated === undefined) throw error;
  return v.parse(renderedSchema, JSON.parse(deps.keyring.open(repeated.id, repeated.sealed)));
}

async function repeatedBy(
  error: unknown,
  repetitions: readonly Repetition[],
  { table }: Deps,
): Promise<Repeated | undefined> {
  if (error instanceof Repeated) return error;
  if (!(error instanceof Refusal)) return undefined;
  const found = await Promise.all(repetitions.map((one) => findRepeated(table, one)));
  return found.find((repeated) => repeated !== undefined);
}

interface Attempt {
  readonly render: (output: object) => Rendered;
  readonly around: (write: Write, rendered: Rendered) => Write;
  readonly remainingMs: () => number;
}

/** Runs the operation again for as long as what it read has changed by the time it commits. Throws `Busy` when the call's time is up. */
async function attempt(
  operation: Mutation,
  context: AnyContext,
  { render, around, remainingMs }: Attempt,
): Promise<Rendered> {
  const { ports, table } = context.deps;
  for (;;) {
    const { output, write } = await operation.run(context);
    const rendered = render(output);
    try {
      await commit(table, write, (current) => around(current, rendered), remainingMs);
      return rendered;
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      if (remainingMs() <= 0) throw new Refusal('Busy', {});
      await ports.pause(RERUN_PAUSE_MS);
    }
  }
}

/** Keeps the call from acting twice: the record of its answer, and its nonce unless a signed token does the same. */
function once(
  { identity }: Admitted,
  repetitions: readonly Recognised[],
  rendered: Rendered,
  { deps }: AnyContext,
): Write {
  const { keyring, ports } = deps;
  const wallNowMs = ports.wallNow();
  const answer = JSON.stringify(rendered);
  const kept = repetitions.map((one) => keepAnswer(one, keyring.seal(one.id, answer), wallNowMs));
  const needsNonce = !repetitions.some(({ isSigned }) => isSigned);
  if (!needsNonce || !('nonce' in identity)) return kept;
  return [...kept, useNonce(identity.keyId, identity.nonce, wallNowMs, NONCE_MEMORY_MS)];
}
