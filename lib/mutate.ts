import * as v from 'valibot';
import type { Call } from '#lib/call.ts';
import type { Deps } from '#lib/deps.ts';
import type { Parameters, Rendered } from '#lib/dialects/dialect.ts';
import { Refusal } from '#lib/errors.ts';
import type { Exchange } from '#lib/exchange.ts';
import type { Context, Mutation } from '#lib/operation.ts';
import { optionsOf, type Repetition, repetitionOf } from '#lib/repetition.ts';
import { findAnswer, keepAnswer, Repeated } from '#lib/store/answers.ts';
import { commit, type Frame, Stale, type Write } from '#lib/store/commit.ts';
import { alwaysRefused } from '#lib/store/items.ts';
import { useNonce } from '#lib/store/nonces.ts';

const MAX_RUNS = 60;
const RERUN_PAUSE_MS = 20;

const renderedSchema = v.object({ status: v.number(), headers: v.record(v.string(), v.string()), body: v.string() });

type Anything = Mutation['input'];

/**
 * Runs a mutation and commits its write, together with what keeps the call from being made twice, in one transaction. Answers a
 * repetition with the first answer, byte for byte. A dry run goes through all of it and is then refused with `DryRunPassed`.
 */
export async function mutate(
  operation: Mutation,
  context: Context<Anything>,
  exchange: Exchange,
  parameters: Parameters,
  render: (output: object) => Rendered,
): Promise<Rendered> {
  const { call, deps, input } = context;
  const { ClientToken, DryRun } = optionsOf(parameters);
  const repetition = DryRun ? undefined : repetitionOf(exchange, operation, input, ClientToken);
  try {
    return await attempt(operation, context, render, (rendered) => ({
      before: DryRun ? [] : once(exchange, repetition, rendered, context),
      after: DryRun ? [alwaysRefused(new Refusal('DryRunPassed', {}))] : [],
    }));
  } catch (error) {
    const sealed = repetition && (await earlierAnswer(error, repetition, deps, call));
    if (!sealed) throw error;
    return v.parse(renderedSchema, JSON.parse(deps.keyring.open(repetition.id, sealed)));
  }
}

/** The answer this call was given before, if the error is due to its being repeated. */
async function earlierAnswer(
  error: unknown,
  repetition: Repetition,
  { table }: Deps,
  { nowMs }: Call,
): Promise<string | undefined> {
  if (error instanceof Repeated) return error.sealed;
  return error instanceof Refusal ? findAnswer(table, repetition, nowMs) : undefined;
}

/** Runs the operation until its write stands on facts that still hold when it commits. */
async function attempt(
  operation: Mutation,
  context: Context<Anything>,
  render: (output: object) => Rendered,
  frame: (rendered: Rendered) => Frame,
): Promise<Rendered> {
  const { ports, table } = context.deps;
  for (let runs = 0; runs < MAX_RUNS; runs++) {
    const { output, write } = await operation.run(context);
    const rendered = render(output);
    try {
      await commit(table, ports.pause, write, frame(rendered));
      return rendered;
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      await ports.pause(RERUN_PAUSE_MS);
    }
  }
  throw new Refusal('Busy', {});
}

/** What keeps the call from acting twice: the record of its answer, or its nonce. A token makes the nonce superfluous. */
function once(
  { identity }: Exchange,
  repetition: Repetition | undefined,
  rendered: Rendered,
  { call, deps }: Context<Anything>,
): Write {
  const wallNowMs = deps.ports.wallNow();
  if (repetition) {
    return [keepAnswer(repetition, deps.keyring.seal(repetition.id, JSON.stringify(rendered)), call.nowMs, wallNowMs)];
  }
  return identity && 'nonce' in identity ? [useNonce(identity.keyId, identity.nonce, wallNowMs)] : [];
}
