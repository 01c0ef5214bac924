/**
 * What a mail asks to be confirmed: that a resource account becomes a cloud account, or that one is created, each under the address
 * that the mail goes to. It holds no secret: the token of its link is made when it is sent. Times are epoch ms.
 */
export interface ConfirmationRequest {
  readonly kind: 'promotion' | 'creation';
  /** The account record that the link is for. */
  readonly recordId: string;
  /** Who asks: the management account's login name, and its verified legal name, which may be empty. */
  readonly askedBy: string;
  readonly legalName: string;
  /** The account in question, as its members' list calls it. */
  readonly accountUid: number;
  readonly displayName: string;
  /** Until when the link works. */
  readonly deadlineMs: number;
}

/** What a mail tells of an invitation to a directory. The inviter's note is not in it: nobody can mail words of their own through this service. */
export interface InvitationNotice {
  readonly kind: 'invitation';
  readonly handshakeId: string;
  /** Who invites, as in a {@link ConfirmationRequest}. */
  readonly askedBy: string;
  readonly legalName: string;
  readonly directoryId: string;
  /** Until when it can be accepted. */
  readonly deadlineMs: number;
}
