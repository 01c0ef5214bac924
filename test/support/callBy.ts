import type { Call } from '#lib/call.ts';
import type { Estate } from '#test/support/estate.ts';

/** A call of an account, for what is done beneath the operations. */
export function callBy({ deps, nowMs }: Pick<Estate, 'deps' | 'nowMs'>, uid: number): Call {
  return {
    caller: { kind: 'account', uid, keyId: '', isRoot: false },
    uid,
    action: 'test',
    requestId: 'r',
    sourceIp: '',
    nowMs: nowMs(),
    now: nowMs,
    newEventId: () => deps.ports.ids.eventId(nowMs()),
  };
}
