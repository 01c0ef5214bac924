import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { apiDocuments, wholeDocument } from '#infra/local/apiDocuments.ts';
import { indexPage, operationPage } from '#infra/local/reader.ts';
import { operations } from '#infra/operations.ts';

const app = apiDocuments();
const document = wholeDocument();
const [path = ''] = Object.keys(document.paths);

async function pageAt(where: string): Promise<{ headers: Headers; text: string }> {
  const response = await app.request(where);
  expect(response.status).toBe(200);
  return { headers: response.headers, text: await response.text() };
}

test('openapi.json has the operations of all products, of the server that is asked', async () => {
  const served = JSON.parse((await pageAt('/openapi.json')).text);
  expect(Object.keys(served.paths)).toHaveLength(operations.length);
  expect(served.servers).toEqual([{ url: '/' }]);
});

describe('the pages', () => {
  test('lead from the first to every operation', async () => {
    const { text } = await pageAt('/docs');
    const links = [...text.matchAll(/href="\/_emulator(\/docs\/[^"]+)"/g)].map(([, link = '']) => link);
    expect(links).toHaveLength(operations.length);
    for (const link of links) expect((await app.request(link)).status).toBe(200);
  });

  test('show what an operation takes, answers and refuses for, and what was sent and answered', async () => {
    const { text } = await pageAt('/docs/bss/ConfirmRelation');
    const told = ['POST /bss/ConfirmRelation', 'PermissionCodes', 'child_disagree', 'RelationUnknown', 'NotAuthorized'];
    for (const words of told) expect(text).toContain(words);
    expect(text).toContain('&quot;ConfirmCode&quot;: &quot;child_agree&quot;');
    expect(text).toContain('&quot;Reason&quot;: &quot;RelationActive&quot;');
  });

  test('need nothing but themselves, and a browser is told so', async () => {
    for (const where of ['/docs', `/docs${path}`]) {
      const { headers, text } = await pageAt(where);
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(text).not.toMatch(/<(?:script|link|img|iframe)|\ssrc=|\son\w+=|href="(?!\/_emulator\/)/);
      const style = /<style>(.*?)<\/style>/.exec(text)?.[1] ?? '';
      const policy = headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain(`'sha256-${hash('sha256', style, 'base64')}'`);
    }
  });

  test('escape whatever is written in the documents', () => {
    const hostile = JSON.stringify(document).replace(/(?<="(?:description|summary|title|name)":")/g, '<b>&`<i>`');
    const other = JSON.parse(hostile);
    const pages = [indexPage(other), operationPage(other, path) ?? ''];
    for (const page of pages) {
      expect(page).not.toMatch(/<[bi]>/);
      expect(page).toContain('&lt;b&gt;&amp;<code>&lt;i&gt;</code>');
    }
  });

  test('are none for what is no operation', async () => {
    for (const where of ['/docs/bss/Nothing', '/docs/constructor/prototype', '/docs/__proto__/x']) {
      expect((await app.request(where)).status).toBe(404);
    }
  });
});
