import type { ConfirmationRequest } from '#lib/domain/mail.ts';
import { type Html, html } from '#lib/html.ts';

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

function english({ accountUid, askedBy, deadlineMs, displayName, kind, legalName }: ConfirmationRequest): Lines {
  const who = legalName === '' ? askedBy : `${askedBy} (${legalName})`;
  const account = `“${displayName}” (${accountUid})`;
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

function chinese({ accountUid, askedBy, deadlineMs, displayName, kind, legalName }: ConfirmationRequest): Lines {
  const who = legalName === '' ? askedBy : `${askedBy}（${legalName}）`;
  const account = `“${displayName}”（${accountUid}）`;
  return {
    lang: 'zh-CN',
    asked:
      kind === 'promotion'
        ? `${who} 请您将资源账号${account}升级为云账号，该云账号以本邮箱登录。`
        : `${who} 请您开通云账号${account}，该云账号以本邮箱登录。`,
    open: `请打开以下链接查看并确认。链接仅可使用一次，有效期至 ${utc(deadlineMs)}（UTC）：`,
    button: '查看并确认',
    ignore: '如果您不知道此事，请忽略本邮件：未经您确认，不会有任何变更。请勿将链接转给他人。',
  };
}

/** To the minute, as in `2024-05-11 02:11`. */
export function utc(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length).replace('T', ' ');
}

function textOf({ asked, ignore, open }: Lines, link: string): string {
  return [asked, `${open}\n${link}`, ignore].join('\n\n');
}

function sectionOf({ asked, button, ignore, lang, open }: Lines, link: string): Html {
  return html`<div lang="${lang}"><p>${asked}</p><p>${open}</p><p><a href="${link}">${button}</a></p><p>${link}</p><p>${ignore}</p></div>`;
}

/** A mail of this title in HTML, which loads nothing from elsewhere. */
export function documentOf(subject: string, sections: readonly Html[]): string {
  const title = html`<title>${subject}</title>`;
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8">${title}</head><body>${sections}</body></html>`
    .text;
}
