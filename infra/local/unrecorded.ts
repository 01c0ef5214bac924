import type { Call } from '#lib/call.ts';
import type { Deps } from '#lib/deps.ts';
import { eventRow } from '#lib/store/ledger.ts';
import { mailRow } from '#lib/store/mails.ts';
import type { Write } from '#lib/table/commit.ts';

const told: readonly unknown[] = [eventRow.type, mailRow.type];

/** The call by which an account would do what the emulator writes for it; 0 stands for an operator. */
export function callAs(uid: number, action: string, { ports }: Deps): Call {
  const nowMs = ports.now();
  const keyId = 'TRIBUTARY';
  return {
    requestId: ports.ids.uuid().toUpperCase(),
    action,
    caller: uid === 0 ? { kind: 'operator', keyId } : { kind: 'account', keyId, uid, isRoot: false },
    uid: uid === 0 ? undefined : uid,
    newEventId: () => ports.ids.eventId(nowMs),
    nowMs,
    now: ports.now,
    sourceIp: '127.0.0.1',
  };
}

/** The write without its events and mails: nobody has called for any of what an estate begins with, so nothing is told of it. */
export function unrecorded(write: Write): Write {
  return write.filter(({ action }) => !('Put' in action && told.includes(action.Put.Item?.['type'])));
}
