import * as v from 'valibot';
import { operation } from '#lib/operation.ts';
import { handshakeId, handshakeView, movedHandshakeViewOf } from '#lib/products/directory/handshakes.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { openHandshakes } from '#lib/store/directory/handshakeReadings.ts';
import { endHandshake } from '#lib/store/directory/inviting.ts';

export const app = operation({
  action: 'CancelHandshake',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({ HandshakeId: handshakeId }),
  output: v.object({ Handshake: handshakeView }),
  errors: ['HandshakeUnknown', 'HandshakeUnfit'],
  async run({ input: { HandshakeId }, call, deps }) {
    const handshake = await openHandshakes(deps.table).getSent(call.uid, HandshakeId, call.nowMs);
    const write = endHandshake(handshake, 'cancel', { call, wallNowMs: deps.ports.wallNow() });
    return { output: { Handshake: movedHandshakeViewOf(handshake, 'cancelled', call.nowMs) }, write };
  },
});
