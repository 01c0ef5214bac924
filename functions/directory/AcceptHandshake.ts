import * as v from 'valibot';
import { refuseOtherCompany } from '#lib/domain/directory/handshake.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { handshakeId, handshakeView, movedHandshakeViewOf } from '#lib/products/directory/handshakes.ts';
import { acceptanceErrors } from '#lib/products/directory/operationErrors.ts';
import { directory, directoryEnvelope } from '#lib/products/directory/product.ts';
import { accept } from '#lib/store/directory/accepting.ts';
import { getAcceptable } from '#lib/store/directory/receivedHandshakes.ts';

export const app = operation({
  action: 'AcceptHandshake',
  product: directory,
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({ HandshakeId: handshakeId }),
  output: v.object({ Handshake: handshakeView }),
  errors: [
    'HandshakeUnknown',
    'InvitingDirectoryGone',
    'HandshakeUnfit',
    'AccountInDirectory',
    'InviteeUnverified',
    'InviteeLegalNameDiffers',
    'MemberQuotaReached',
  ],
  catalogue: acceptanceErrors,
  async run({ input: { HandshakeId }, call, deps }) {
    const { ids, random } = deps.ports;
    const acceptable = await getAcceptable(deps.table, call.uid, HandshakeId, call.nowMs);
    const { acceptance, account, handshake, isInDirectory } = acceptable;
    if (handshake.status !== 'pending') throw new Refusal('HandshakeUnfit', {});
    if (isInDirectory) throw new Refusal('AccountInDirectory', {});
    refuseOtherCompany(account, handshake);
    const drawn = { seat: random(), suffix: ids.alphanumeric(6) };
    const write = accept(handshake, account, acceptance, drawn, call);
    return { output: { Handshake: movedHandshakeViewOf(handshake, 'accepted', call.nowMs) }, write };
  },
});
