import * as v from 'valibot';
import { newHandshake, refuseOtherCompany } from '#lib/domain/directory/handshake.ts';
import { refuseInvitation } from '#lib/domain/directory/sentInvitations.ts';
import { Refusal } from '#lib/errors.ts';
import { operation } from '#lib/operation.ts';
import { placeOfMember } from '#lib/products/directory/fields.ts';
import {
  handshakeView,
  handshakeViewOf,
  note,
  targetEntity,
  targetOf,
  targetType,
} from '#lib/products/directory/handshakes.ts';
import { invitationErrors, invitationErrorsSinceMaster } from '#lib/products/directory/operationErrors.ts';
import { directory, directoryEnvelope, sinceMaster } from '#lib/products/directory/product.ts';
import { tags, tagsNamed } from '#lib/products/directory/tags.ts';
import { folderPathTo, freeSeat } from '#lib/store/directory/creating.ts';
import { readProspect } from '#lib/store/directory/invitees.ts';
import { invite } from '#lib/store/directory/inviting.ts';

export const app = operation({
  action: 'InviteAccountToResourceDirectory',
  product: directory,
  versions: sinceMaster({ parameters: ['ParentFolderId'], catalogue: invitationErrorsSinceMaster }),
  envelope: directoryEnvelope,
  access: 'account',
  effect: 'write',
  input: v.object({
    TargetEntity: targetEntity,
    TargetType: targetType,
    Note: v.optional(note, ''),
    ParentFolderId: placeOfMember,
    Tag: v.optional(v.pipe(tags, v.description('Tags of the member that the account becomes: at most 20.')), []),
  }),
  output: v.object({ Handshake: handshakeView }),
  errors: [
    'DirectoryUnknown',
    'FolderUnknown',
    'MemberQuotaReached',
    'InvitationQuotaReached',
    'HandshakePending',
    'AccountInDirectory',
    'InviteeLegalNameDiffers',
    'InviteeUnverified',
  ],
  catalogue: invitationErrors,
  async run({ input: { Note, ParentFolderId: folderId, Tag, TargetEntity, TargetType }, call, deps }) {
    const { ids, wallNow } = deps.ports;
    const target = targetOf(TargetType, TargetEntity);
    const { book, directory: own, invitee, management, seats } = await readProspect(deps.table, call.uid, target);
    if (folderId !== undefined) folderPathTo(own, folderId);
    freeSeat(seats, own, 0);
    const said = { note: Note, tags: tagsNamed(Tag), folderId };
    const named = { id: `h-${ids.alphanumeric(16)}`, directoryId: own.id, target, inviteeUid: invitee?.account.uid };
    const handshake = newHandshake({ ...named, ...said }, management, call.nowMs);
    refuseInvitation(book.sent, handshake.invitee, call.nowMs);
    // Other companies must not learn who is in a directory: there is no trace of their asking.
    if (invitee) refuseOtherCompany(invitee.account, management);
    if (invitee?.isInDirectory) throw new Refusal('AccountInDirectory', {});
    const mailTo = target.type === 'email' ? target.entity.trim() : invitee?.account.email;
    const write = invite({ handshake, mailTo }, book, { call, wallNowMs: wallNow() });
    return { output: { Handshake: handshakeViewOf(handshake) }, write };
  },
});
