import { SignatureError } from '#lib/auth/signatureError.ts';
import type { Deps } from '#lib/deps.ts';
import type { Rendered } from '#lib/dialects/dialect.ts';
import { Refusal } from '#lib/errors.ts';
import { signatureKeyOf } from '#lib/pipeline/idempotency.ts';
import type { Admitted } from '#lib/pipeline/middleware.ts';
import { isFinal, replayGuardOf } from '#lib/pipeline/replayGuard.ts';
import { isGivenUp } from '#lib/table/commit.ts';

/**
 * Refuses a call before it is run, for what may be otherwise when the same bytes are sent again: the time, or a part that the signature may not
 * cover, such as the content type or the `Idempotency-Key`. Then they could act, so those of a mutation are used up first. Answers the first
 * answer if they have acted already; throws `error` otherwise, and as {@link ReplayGuard.close} does.
 */
export async function refuseBeforehand(error: unknown, admitted: Admitted, deps: Deps): Promise<Rendered> {
  const { operation } = admitted;
  if (operation.effect === 'read' || !isFinal(error)) throw error;
  const signature = signatureKeyOf(admitted, { wallNowMs: deps.ports.wallNow() });
  // The emulator lets the bytes of a refused call be tried again, as the vendors do.
  if (signature && deps.deliveries) throw error;
  const keys = { signature, token: undefined, answersSecret: operation.answersSecret ?? false };
  const done = await replayGuardOf(admitted, keys, deps).close(error);
  if (done) return done;
  throw error;
}

/**
 * Lets `useUp` use up the bytes of a call that is refused anyway, so that what it is refused for is told. Throws only what
 * leaves open whether they are used up.
 */
export async function useUpQuietly(useUp: () => Promise<unknown>): Promise<void> {
  try {
    await useUp();
  } catch (error) {
    const isRefusal = error instanceof Refusal || error instanceof SignatureError;
    if (!isRefusal || isGivenUp(error)) throw error;
  }
}
