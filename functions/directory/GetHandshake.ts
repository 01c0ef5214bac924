import * as v from 'valibot';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { fullHandshakeView, fullHandshakeViewOf, handshakeId } from '#lib/products/directory/handshakes.ts';
import { handshakeReadingErrors } from '#lib/products/directory/operationErrors.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { openHandshakes } from '#lib/store/directory/handshakeReadings.ts';

export const app = operation({
  action: 'GetHandshake',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'read',
  input: v.object({ HandshakeId: handshakeId }),
  output: v.object({ Handshake: fullHandshakeView }),
  errors: ['HandshakeUnknown', 'HandshakeUnfit', 'InviteeUnverified'],
  catalogue: handshakeReadingErrors,
  async run({ input: { HandshakeId }, call, deps }) {
    const { handshake, invitee } = await openHandshakes(deps.table).get(call.uid, HandshakeId, call.nowMs);
    // Once accepted, the inviter alone still reads it (docs/vendors/alibaba-resource-directory.md 13.1, 13.2).
    if (invitee && handshake.status === 'accepted') throw new Refusal('HandshakeUnfit', {});
    if (invitee?.legalName === '') throw new Refusal('InviteeUnverified', {});
    return { Handshake: fullHandshakeViewOf(handshake, invitee) };
  },
});
