import * as v from 'valibot';
import { NONCE_MEMORY_MS } from '#lib/auth/nonceMemory.ts';
import { SignatureError } from '#lib/auth/signatureError.ts';
import type { Deps } from '#lib/deps.ts';
import type { Rendered } from '#lib/dialects/dialect.ts';
import { type Reason, Refusal } from '#lib/errors.ts';
import type { Admitted } from '#lib/pipeline/route.ts';
import { holdsActive } from '#lib/store/accessKeys.ts';
import { Committed, keepAnswer, REFUSED, Repeated, type Repetition, useNonce } from '#lib/store/once.ts';
import { commit, type Write, type WriteItem } from '#lib/table/commit.ts';
import { isOfSameRow } from '#lib/table/items.ts';

/** How a call is known again: by its very bytes where its scheme has no nonce, and by the token of a retry. */
export interface Recognition {
  readonly signature: Repetition | undefined;
  readonly token: Repetition | undefined;
  /** The answer holds a secret: whoever sends the bytes again is not told it. */
  readonly answersSecret: boolean;
}

/** What lets the bytes of one signed call act at most once, and a refusal be final. */
export interface Fence {
  /** Wraps the writes of an attempt at the call, which is answered so once one of them is committed. */
  guarding(answer: Rendered): (write: Write) => Write;
  /** Whether a write of the call may still be under way, or done. */
  readonly doubt: { isUnsure: boolean };
  /**
   * Sees to it that the bytes do not act any more, now that they are answered otherwise. Answers what they have come to if they have
   * acted after all. Throws `NonceUsed` if another call has used them, `Busy` or `OutcomeUnknown` if the table does not say.
   */
  close(outcome: Rendered | Error): Promise<Rendered | undefined>;
  /** The answer that is the call's already. Throws if that is a refusal. */
  answerOf(kept: Repeated | Committed): Rendered;
}

const renderedSchema = v.object({ status: v.number(), headers: v.record(v.string(), v.string()), body: v.string() });
const refusedSchema = v.object({ refused: v.string(), facts: v.record(v.string(), v.unknown()) });
const keptSchema = v.union([refusedSchema, renderedSchema]);

/** The fence of a call. */
export function fenceOf(admitted: Admitted, recognition: Recognition, { keyring, ports, table }: Deps): Fence {
  const { call, identity, remainingMs } = admitted;
  const { answersSecret, signature, token } = recognition;
  const answers: Rendered[] = [];
  const doubt = { isUnsure: false };

  /** The record that the bytes themselves leave: there is one for each mutation, whatever it comes to. */
  function ownRecord(outcome: Rendered | Error, attempt: number): WriteItem {
    const sending = { callId: call.requestId, attempt };
    const wallNowMs = ports.wallNow();
    if ('nonce' in identity) return useNonce(identity.keyId, identity.nonce, sending, wallNowMs, NONCE_MEMORY_MS);
    if (signature === undefined) throw new Error('a call has neither a nonce nor a signature');
    const isTold = !(answersSecret && 'body' in outcome);
    const sealed = isTold ? keyring.seal('answer', signature.id, told(outcome)) : '';
    return keepAnswer(signature, sealed, sending, wallNowMs);
  }

  function answerOf(kept: Repeated | Committed): Rendered {
    if (kept instanceof Committed) {
      const answer = answers[kept.attempt];
      if (answer === undefined) throw new Error(`a call has no attempt ${kept.attempt}`);
      return answer;
    }
    if (kept.sealed === '') throw new Refusal('NonceUsed', {});
    const outcome = v.parse(keptSchema, JSON.parse(keyring.open('answer', kept.id, kept.sealed)));
    if ('refused' in outcome) throw new Refusal(reasonIn(outcome), factsIn(outcome));
    return outcome;
  }

  return {
    doubt,
    answerOf,
    guarding(answer) {
      const attempt = answers.push(answer) - 1;
      const sending = { callId: call.requestId, attempt };
      const kept = token && keepAnswer(token, keyring.seal('answer', token.id, told(answer)), sending, ports.wallNow());
      const records = [ownRecord(answer, attempt), ...(kept ? [kept] : [])];
      return (write) => [...records, ...keyActive(admitted, write), ...write];
    },
    async close(outcome) {
      try {
        await commit(table, [ownRecord(outcome, REFUSED)], { remainingMs });
      } catch (error) {
        if (error instanceof Committed && error.attempt === REFUSED) return undefined;
        if (error instanceof Committed || error instanceof Repeated) return answerOf(error);
        if (!(error instanceof Refusal) || error.reason === 'NonceUsed') throw error;
        throw new Refusal(doubt.isUnsure ? 'OutcomeUnknown' : 'Busy', {}, { cause: error });
      }
      return undefined;
    },
  };
}

/** An operator's key must be active in the same instant as it acts: this process may not know yet that it was revoked. */
function keyActive({ refusals, signatory }: Admitted, write: Write): Write {
  if (signatory.kind !== 'operator') return [];
  const item = holdsActive(signatory.keyId, () => refusals.inactiveKey(signatory.keyId));
  // A transaction cannot name one item twice: an operator may revoke the key he signs with.
  return write.some((other) => isOfSameRow(other, item)) ? [] : [item];
}

function told(outcome: Rendered | Error): string {
  if (!(outcome instanceof Error)) return JSON.stringify(outcome);
  const { facts, reason } = outcome instanceof Refusal ? outcome : new Refusal('NonceUsed', {});
  return JSON.stringify({ refused: reason, facts });
}

/** Whether an error refuses a call for good, so that it must not act later. */
export function isRefusal(error: unknown): error is Refusal | SignatureError {
  if (error instanceof SignatureError) return true;
  return error instanceof Refusal && !passing.has(error.reason);
}

const passing: ReadonlySet<Reason> = new Set<Reason>([
  'Busy',
  'OutcomeUnknown',
  'NonceUsed',
  'DryRunPassed',
  'Internal',
]);

// Both were written from a refusal, and the seal has kept them as they were.
function reasonIn({ refused }: v.InferOutput<typeof refusedSchema>): Reason {
  return refused as Reason;
}

function factsIn({ facts }: v.InferOutput<typeof refusedSchema>): Refusal['facts'] {
  return facts as Refusal['facts'];
}
