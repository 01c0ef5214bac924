import type { ConfirmationRequest } from '#lib/domain/mail.ts';
import { type Html, heldTogether, html } from '#lib/html.ts';

/** Where links to confirm lead, beneath the address of the API. */
export const CONFIRMATION_PATH = '/directory/verify';

/** What a mail says. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Without names or words from callers: a subject is read before the reader knows who wrote it. */
const SUBJECT = 'Confirm your e-mail address / 请确认您的邮箱地址';

/** The mail that asks its reader, in English and in Chinese, to follow a link and confirm. */
export function confirmationLetter(request: ConfirmationRequest, link: string): Letter {
  const versions = [english(request), chinese(request)];
  return {
    subject: SUBJECT,
    text: `${versions.map((lines) => textOf(lines, link)).join('\n\n----\n\n')}\n`,
    html: documentOf(
      SUBJECT,
      versions.map((lines) => sectionOf(lines, link)),
    ),
  };
}

/** One language's words, in the order in which they are read; the link stands after `open`. */
interface Lines {
  readonly lang: string;
  readonly asked: string;
  readonly open: string;
  readonly button: string;
  readonly ignore: string;
}

function english(request: ConfirmationRequest): Lines {
  const { deadlineMs, kind } = request;
  const { english: who } = whoAsks(request);
  const { english: account } = accountNamed(request.displayName, request.accountUid);
  return {
    lang: 'en',
    asked:
      kind === 'promotion'
        ? `${who} asks you to turn the resource account ${account} into a cloud account that signs in with this e-mail address.`
        : `${who} asks you to open the cloud account ${account}, which signs in with this e-mail address.`,
    open: `See what is asked, and confirm it there. The link works once, until ${utc(deadlineMs)} (UTC):`,
    button: 'See and confirm',
    ignore: 'If you did not expect this, do nothing: without you nothing happens. Give the link to nobody.',
  };
}

function chinese(request: ConfirmationRequest): Lines {
  const { deadlineMs, kind } = request;
  const { chinese: who } = whoAsks(request);
  const { chinese: account } = accountNamed(request.displayName, request.accountUid);
  return {
    lang: 'zh-CN',
    asked:
      kind === 'promotion'
        ? `${who}请您将资源账号${account}升级为云账号，该云账号以本邮箱登录。`
        : `${who}请您开通云账号${account}，该云账号以本邮箱登录。`,
    open: `请打开以下链接查看并确认。链接仅可使用一次，有效期至 ${utc(deadlineMs)}（UTC）：`,
    button: '查看并确认',
    ignore: '如果您不知道此事，请忽略本邮件：未经您确认，不会有任何变更。请勿将链接转给他人。',
  };
}

/** Who asks. Chinese that follows has a space before it where the name ends in Latin letters, and none behind a bracket. */
export function whoAsks({ askedBy, legalName }: Pick<ConfirmationRequest, 'askedBy' | 'legalName'>) {
  if (legalName === '') return { english: askedBy, chinese: `${askedBy} ` };
  return { english: `${askedBy} (${legalName})`, chinese: `${askedBy}（${legalName}）` };
}

/** An account, with the brackets of either language. */
export function accountNamed(displayName: string, uid: number) {
  return { english: `“${displayName}” (${uid})`, chinese: `“${displayName}”（${uid}）` };
}

/** To the minute, as in `2024-05-11 02:11`. */
export function utc(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length).replace('T', ' ');
}

function textOf({ asked, ignore, open }: Lines, link: string): string {
  return [asked, `${open}\n${link}`, ignore].join('\n\n');
}

function sectionOf({ asked, button, ignore, lang, open }: Lines, link: string): Html {
  return languageOf(lang, [
    paragraph(asked),
    paragraph(open),
    html`<p><a href="${link}" style="${styles.button}">${button}</a></p>`,
    html`<p style="${styles.link}">${link}</p>`,
    paragraph(ignore),
  ]);
}

// Many readers of mail drop style sheets, so each element has its own.
const styles = {
  body: 'margin:0 auto;max-width:36rem;padding:1rem;overflow-wrap:anywhere;font:16px/1.5 system-ui,sans-serif',
  // Quotation marks and brackets are those of a Chinese font, which are as wide as its characters.
  chinese:
    "margin-top:1.5rem;border-top:1px solid #888;font-family:'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif",
  button:
    'display:inline-block;padding:.75rem 1.5rem;border-radius:.25rem;background:#0b57d0;color:#fff;text-decoration:none',
  // A link has no spaces to break it at, and would be wider than a phone.
  link: 'word-break:break-all',
  kept: 'white-space:nowrap',
} as const;

/** What a mail says in a language; Chinese stands below the other. */
export function languageOf(lang: string, parts: readonly Html[]): Html {
  return lang === 'en'
    ? html`<div lang="${lang}">${parts}</div>`
    : html`<div lang="${lang}" style="${styles.chinese}">${parts}</div>`;
}

export function paragraph(line: string): Html {
  return html`<p>${heldTogether(line, (piece) => html`<span style="${styles.kept}">${piece}</span>`)}</p>`;
}

/** A mail of this title in HTML, which loads nothing from elsewhere. */
export function documentOf(subject: string, sections: readonly Html[]): string {
  const viewport = html`<meta name="viewport" content="width=device-width, initial-scale=1">`;
  const head = html`<head><meta charset="utf-8">${viewport}<title>${subject}</title></head>`;
  return html`<!doctype html><html lang="en">${head}<body style="${styles.body}">${sections}</body></html>`.text;
}
