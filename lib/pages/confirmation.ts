import type { AccountRecord } from '#lib/domain/directory/accountRecord.ts';
import type { Reason } from '#lib/errors.ts';
import { type Html, html } from '#lib/html.ts';
import { accountNamed, utc, whoAsks } from '#lib/mail/confirmation.ts';
import type { Found } from '#lib/pages/confirming.ts';
import type { Shown, Words } from '#lib/pages/document.ts';

const GONE = 410;

/** Asks whoever followed a link to confirm, or says why there is nothing to confirm. */
export function asking(found: Found | undefined, token: string): Shown {
  if (found?.status !== 'waiting') return told(found);
  const { record } = found;
  const { chinese, english } = wordsAsking(record);
  return {
    status: 200,
    english: { ...english, below: formOf(token, 'Confirm') },
    chinese: { ...chinese, below: formOf(token, '确认') },
    facts: { recordId: record.id, outcome: 'asked' },
  };
}

function formOf(token: string, button: string): Html {
  const held = html`<input type="hidden" name="token" value="${token}">`;
  return html`<form method="post" action="verify">${held}<button>${button}</button></form>`;
}

/** Says what has become of a confirmation. */
export function told(found: Found | undefined): Shown {
  if (found === undefined) return unknown;
  const { record, status } = found;
  const outcome = found.isNew ? 'confirmed' : status;
  const [english, chinese] = wordsOf(found);
  const code = found.isNew ? 200 : GONE;
  return {
    status: code,
    english,
    chinese,
    facts: { recordId: record.id, outcome, ...(found.reason && { reason: found.reason }) },
  };
}

const unknown: Shown = {
  status: 404,
  english: {
    title: 'This link is not valid',
    lines: ['Perhaps it was cut short. Copy the whole link from the mail, or follow it there.'],
  },
  chinese: { title: '链接无效', lines: ['链接可能不完整，请从邮件中复制完整链接，或直接点击邮件中的链接。'] },
  facts: { outcome: 'unknown' },
};

function wordsAsking(record: AccountRecord): Pick<Shown, 'english' | 'chinese'> {
  const { deadlineMs = 0, email, kind } = record;
  const { account, who } = namesIn(record);
  const until = utc(deadlineMs);
  const [what, whatChinese] =
    kind === 'promotion'
      ? [
          `turn the resource account ${account.english} into a cloud account that signs in with ${email}`,
          `将资源账号${account.chinese}升级为以 ${email} 登录的云账号`,
        ]
      : [
          `open the cloud account ${account.english}, which signs in with ${email}`,
          `开通以 ${email} 登录的云账号${account.chinese}`,
        ];
  return {
    english: {
      title: 'Confirm your e-mail address',
      lines: [
        `${who.english} asks you to ${what}.`,
        `You can confirm this until ${until} (UTC). If you did not expect it, close this page: nothing happens then.`,
      ],
    },
    chinese: {
      title: '确认您的邮箱地址',
      lines: [
        `${who.chinese}请您${whatChinese}。`,
        `确认有效期至 ${until}（UTC）。如果您不知道此事，请关闭本页面，不会有任何变更。`,
      ],
    },
  };
}

function wordsOf({ reason, record, status }: Found): [english: Words, chinese: Words] {
  const { email, updatedAtMs } = record;
  const { account, who } = namesIn(record);
  switch (status) {
    case 'done':
      return [
        {
          title: 'Confirmed',
          lines: [
            `The account ${account.english} is a cloud account, and signs in with ${email}. This link is used up.`,
          ],
        },
        { title: '已确认', lines: [`账号${account.chinese}已是以 ${email} 登录的云账号。本链接已失效。`] },
      ];
    case 'expired':
      return [
        {
          title: 'This link has expired',
          lines: [`It worked for 24 hours after the mail. Let ${who.english} ask you again.`],
        },
        { title: '链接已过期', lines: [`链接在邮件发出后 24 小时内有效，请联系 ${who.chinese}重新发起。`] },
      ];
    case 'superseded':
      return [
        {
          title: 'There is a newer mail',
          lines: ['A mail that was sent later has taken the place of this one. Use the link in the newest mail.'],
        },
        { title: '已有更新的邮件', lines: ['之后发出的邮件已取代本邮件，请使用最新邮件中的链接。'] },
      ];
    case 'cancelled':
      return [
        {
          title: 'There is nothing to confirm any more',
          lines: [`${who.english} took this back at ${utc(updatedAtMs)} (UTC).`],
        },
        { title: '无需确认', lines: [`${who.chinese}已于 ${utc(updatedAtMs)}（UTC）取消该请求。`] },
      ];
    default: {
      const [why, whyChinese] = whyOf(reason);
      return [
        { title: 'It could not be confirmed', lines: [`${why} Let ${who.english} start again once that is settled.`] },
        { title: '无法确认', lines: [`${whyChinese}请联系 ${who.chinese}处理后重新发起。`] },
      ];
    }
  }
}

/** Tells the bearer of a link no more about others than it has to know. */
function whyOf(reason: Reason | undefined): [english: string, chinese: string] {
  switch (reason) {
    case 'EmailClaimed':
      return ['This address belongs to another account by now.', '该邮箱地址已属于其他账号。'];
    case 'MemberQuotaReached':
      return ['The directory has no room for another account.', '资源目录的成员数量已达上限。'];
    default:
      return ['What it needs is not there any more.', '所需条件已不再满足。'];
  }
}

function namesIn(record: AccountRecord) {
  return { who: whoAsks(record), account: accountNamed(record.displayName, record.uid) };
}
