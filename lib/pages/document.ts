import { hash } from 'node:crypto';
import { type Html, heldTogether, html } from '#lib/html.ts';

/** What a page shows: its HTTP status, and its words in English and Chinese. */
export interface Shown {
  readonly status: number;
  readonly english: Words;
  readonly chinese: Words;
  /** What the record of the call says of it; never a secret. */
  readonly facts?: Readonly<Record<string, string>>;
}

export interface Words {
  readonly title: string;
  readonly lines: readonly string[];
  /** What stands beneath them, such as a form. */
  readonly below?: Html;
}

const style = [
  ':root{color-scheme:light dark;font:100%/1.5 system-ui,sans-serif}',
  'body{margin:0 auto;max-width:36rem;padding:1rem;overflow-wrap:anywhere}',
  'h1{font-size:1.25rem;line-height:1.3}',
  'section+section{border-top:1px solid #8888;margin-top:1.5rem}',
  // Quotation marks and brackets of Chinese are those of a Chinese font, which are as wide as its characters.
  ':lang(zh){font-family:"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;line-height:1.6}',
  'span{white-space:nowrap}',
  'button{background:#0b57d0;border:0;border-radius:.25rem;box-sizing:border-box;color:#fff;font:inherit;margin:1rem 0;min-height:3rem;padding:.5rem 1rem;width:100%}',
].join('');

/** Nothing but a page's own style is loaded, nothing is kept, and no link of it tells where it was followed from. */
export function headersWith(style: string) {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [
      "default-src 'none'",
      `style-src 'sha256-${hash('sha256', style, 'base64')}'`,
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex, nofollow',
  } as const;
}

export const documentHeaders = headersWith(style);

/** The page as HTML. */
export function documentOf({ chinese, english }: Shown): string {
  const head = html`<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${`${english.title} / ${chinese.title}`}</title>`;
  const main = html`<main>${[sectionOf('en', english), sectionOf('zh-CN', chinese)]}</main>`;
  // Its text is the style alone, byte for byte: the policy names it by its hash.
  const start = `<!doctype html><html lang="en"><head>${head.text}<style>${style}</style></head>`;
  return `${start}<body>${main.text}</body></html>`;
}

function sectionOf(lang: string, { below, lines, title }: Words): Html {
  const shown = [...lines.map(paragraph), ...(below ? [below] : [])];
  return html`<section lang="${lang}"><h1>${title}</h1>${shown}</section>`;
}

function paragraph(line: string): Html {
  return html`<p>${heldTogether(line, (piece) => html`<span>${piece}</span>`)}</p>`;
}
