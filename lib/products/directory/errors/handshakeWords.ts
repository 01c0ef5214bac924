import type { ErrorCatalogue } from '#lib/errors.ts';

/** Words for invitations (docs/vendors/alibaba-resource-directory.md, appendix A). */
export const handshakeWords = {
  HandshakeUnknown: () => ({
    status: 404,
    code: 'EntityNotExists.Handshake',
    message: 'The specified handshake does not exist.',
  }),
  HandshakeUnfit: () => ({ status: 409, code: 'HandshakeStatusMismatch', message: 'The invitation is invalid.' }),
  HandshakePending: () => ({
    status: 409,
    code: 'EntityAlreadyExists.Handshake',
    message: 'Handshakes with the same target entity already exist.',
  }),
  InvitationQuotaReached: () => ({
    status: 409,
    code: 'LimitExceeded.InvitationRate',
    message: 'The number of invitations sent exceeds the limit.',
  }),
  InviteeLegalNameDiffers: () => ({
    status: 409,
    code: 'LegalEntityMismatch',
    message: 'Your account does not have the same legal entity as the master account.',
  }),
  InviteeUnverified: () => ({
    status: 409,
    code: 'Invalid.AccountType',
    message: 'The specified profile type of account is invalid.',
  }),
  InvitingDirectoryGone: () => ({
    status: 404,
    code: 'SpecifiedResourceDirectoryNotExists',
    message: 'The specified resource directory does not exist. You must specify a valid resource directory.',
  }),
} satisfies Partial<ErrorCatalogue>;
