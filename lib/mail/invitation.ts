import type { InvitationNotice } from '#lib/domain/mail.ts';
import { documentOf, type Letter, languageOf, paragraph, utc, whoAsks } from '#lib/mail/confirmation.ts';

const SUBJECT = 'Your account is invited to a resource directory / 您的账号受邀加入资源目录';

/** The mail about an invitation, in English and in Chinese. It holds no secret: whoever answers signs as the invited account. */
export function invitationLetter(notice: InvitationNotice): Letter {
  const versions = [
    { lang: 'en', lines: english(notice) },
    { lang: 'zh-CN', lines: chinese(notice) },
  ];
  return {
    subject: SUBJECT,
    text: `${versions.map(({ lines }) => lines.join('\n\n')).join('\n\n----\n\n')}\n`,
    html: documentOf(
      SUBJECT,
      versions.map(({ lang, lines }) => languageOf(lang, lines.map(paragraph))),
    ),
  };
}

function english({ deadlineMs, directoryId, handshakeId, ...notice }: InvitationNotice): string[] {
  const { english: who } = whoAsks(notice);
  return [
    `${who} invites your account to the resource directory ${directoryId}. A member is under the control of the account that manages the directory.`,
    `Accept or decline the invitation ${handshakeId} with your own account, by AcceptHandshake or DeclineHandshake, until ${utc(deadlineMs)} (UTC).`,
    'If you did not expect this, do nothing: without you nothing happens.',
  ];
}

function chinese({ deadlineMs, directoryId, handshakeId, ...notice }: InvitationNotice): string[] {
  const { chinese: who } = whoAsks(notice);
  return [
    `${who}邀请您的账号加入资源目录 ${directoryId}。加入后，您的账号将由该目录的管理账号管控。`,
    `请在 ${utc(deadlineMs)}（UTC）之前，使用您自己的账号通过 AcceptHandshake 接受或通过 DeclineHandshake 拒绝邀请 ${handshakeId}。`,
    '如果您不知道此事，请忽略本邮件：未经您接受，不会有任何变更。',
  ];
}
