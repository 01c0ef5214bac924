import * as v from 'valibot';
import { NONCE_MEMORY_MS } from '#lib/auth/authenticate.ts';
import { skewMs } from '#lib/auth/canonical.ts';
import { SignatureError, sharedErrors } from '#lib/auth/signatureError.ts';
import type { Deps } from '#lib/deps.ts';
import type { Rendered } from '#lib/dialects/dialect.ts';
import { type Reason, Refusal } from '#lib/errors.ts';
import type { Admitted } from '#lib/pipeline/middleware.ts';
import { holdsActive } from '#lib/store/accessKeys.ts';
import { Committed, type IdempotencyKey, keepAnswer, REFUSED, Repeated, useNonce } from '#lib/store/once.ts';
import { commit, type Write, type WriteItem } from '#lib/table/commit.ts';
import { isOfSameRow } from '#lib/table/items.ts';

/** What repeats of a call are recognised by. */
export interface IdempotencyKeys {
  /** Made of the signature, where the scheme has no nonce. */
  readonly signature: IdempotencyKey | undefined;
  /** Made of the client's token, if it sent one. */
  readonly token: IdempotencyKey | undefined;
  /** The answer holds a secret, so it is not told again to somebody who only sends the same bytes. */
  readonly answersSecret: boolean;
}

/** Makes the bytes of one signed call take effect at most once, and a refusal of them final. */
export interface ReplayGuard {
  /** Wraps the writes of one attempt at the call. `answer` is what the call is answered if one of them commits. */
  guarding(answer: Rendered): (write: Write) => Write;
  /** Whether a write of the call may have been done, or may still be. */
  readonly doubt: { isUnsure: boolean };
  /**
   * Uses the bytes up, so that they cannot take effect after another outcome is told. If they already did, answers what
   * they were answered. Throws `NonceUsed` if another call used them, `Busy` or `OutcomeUnknown` if the table does not say.
   */
  close(outcome: Rendered | Error): Promise<Rendered | undefined>;
  /** The answer that was kept for the call. Throws if that is a refusal. */
  answerOf(kept: Repeated | Committed): Rendered;
}

const renderedSchema = v.object({ status: v.number(), headers: v.record(v.string(), v.string()), body: v.string() });
const refusedSchema = v.object({ refused: v.string(), facts: v.record(v.string(), v.unknown()) });
const keptSchema = v.union([refusedSchema, renderedSchema]);

/** The replay guard of a call. */
export function replayGuardOf(admitted: Admitted, keys: IdempotencyKeys, { keyring, ports, table }: Deps): ReplayGuard {
  const { call, identity, remainingMs } = admitted;
  const { answersSecret, signature, token } = keys;
  const answers: Rendered[] = [];
  const doubt = { isUnsure: false };

  /** The record that every mutation leaves of its own bytes, whether it acts or is refused. */
  function ownRecord(outcome: Rendered | Error, attempt: number): WriteItem {
    const own = { callId: call.requestId, attempt };
    const wallNowMs = ports.wallNow();
    if ('nonce' in identity) {
      // A call that is refused for being too early by its own time could be accepted once that has come.
      const earlyMs = Math.max(0, identity.signedAtMs - skewMs - wallNowMs);
      return useNonce(identity.keyId, identity.nonce, own, wallNowMs, earlyMs + NONCE_MEMORY_MS);
    }
    if (signature === undefined) throw new Error('a call has neither a nonce nor a signature');
    const isAnswerKept = !(answersSecret && 'body' in outcome);
    const sealed = isAnswerKept ? keyring.seal('answer', signature.id, serialize(outcome)) : '';
    return keepAnswer(signature, sealed, own, wallNowMs);
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
      const own = { callId: call.requestId, attempt };
      const kept =
        token && keepAnswer(token, keyring.seal('answer', token.id, serialize(answer)), own, ports.wallNow());
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

/** An operator's key must be active at the very commit: this process may not know yet that it was revoked. */
function keyActive({ identity, signatory }: Admitted, write: Write): Write {
  if (signatory.kind !== 'operator') return [];
  const item = holdsActive(signatory.keyId, () => sharedErrors[identity.scheme].inactiveKey(signatory.keyId));
  // A transaction cannot name one item twice, and an operator may revoke the key they sign with.
  return write.some((other) => isOfSameRow(other, item)) ? [] : [item];
}

function serialize(outcome: Rendered | Error): string {
  if (!(outcome instanceof Error)) return JSON.stringify(outcome);
  const { facts, reason } = outcome instanceof Refusal ? outcome : new Refusal('NonceUsed', {});
  return JSON.stringify({ refused: reason, facts });
}

/** Whether an error refuses a call for good, so that it must not take effect later. */
export function isFinal(error: unknown): error is Refusal | SignatureError {
  if (error instanceof SignatureError) return true;
  return error instanceof Refusal && !notFinal.has(error.reason);
}

const notFinal: ReadonlySet<Reason> = new Set<Reason>([
  'Busy',
  'OutcomeUnknown',
  'NonceUsed',
  'DryRunPassed',
  'Internal',
]);

// Reason and facts were serialized from a refusal, and the seal keeps them unchanged.
function reasonIn({ refused }: v.InferOutput<typeof refusedSchema>): Reason {
  return refused as Reason;
}

function factsIn({ facts }: v.InferOutput<typeof refusedSchema>): Refusal['facts'] {
  return facts as Refusal['facts'];
}
