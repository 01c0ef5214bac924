import { describe, expect, test } from 'vitest';
import { confirmationLetter } from '#lib/mail/confirmation.ts';
import { readIn, request } from '#test/workers/mailing.ts';

const link = 'https://api.test/directory/verify?token=r1.secret';

describe.each([
  ['promotion', 'turn the resource account “billing-prod” (1123456789012345) into a cloud account', '升级为云账号'],
  [
    'creation',
    'open the cloud account “billing-prod” (1123456789012345)',
    '开通云账号“billing-prod”（1123456789012345）',
  ],
] as const)('the mail for a %s', (kind, english, chinese) => {
  const { html, subject, text } = confirmationLetter(request('r1', { kind }), link);

  test('says in English, then in Chinese, who asks for what, and until when', () => {
    for (const version of [text, readIn(html)]) {
      expect(version).toContain(`parent@acme (Acme Ltd.) asks you to ${english}`);
      expect(version).toContain('until 2024-05-11 02:11 (UTC)');
      expect(version).toContain(chinese);
      expect(version).toContain('有效期至 2024-05-11 02:11（UTC）');
      expect(version.indexOf('asks you to')).toBeLessThan(version.indexOf(chinese));
    }
    expect(subject).toBe('Confirm your e-mail address / 请确认您的邮箱地址');
  });

  test('has its link in each language, to follow and to read', () => {
    expect(text.split(link)).toHaveLength(3);
    expect(html.split(`<a href="${link}"`)).toHaveLength(3);
    expect(html.split(`>${link}</p>`)).toHaveLength(3);
  });

  test('holds times together, and has no space where Chinese follows a bracket', () => {
    expect(html.match(/<span style="white-space:nowrap">2024-05-11 02:11<\/span>/g)).toHaveLength(2);
    expect(text).toContain('parent@acme（Acme Ltd.）请您');
  });

  test('loads nothing from elsewhere', () => {
    expect(html).not.toMatch(/<(img|script|link|iframe)|src=|url\(/);
  });
});

test('an account without a verified legal name is named by its login alone', () => {
  const { text } = confirmationLetter(request('r1', { legalName: '' }), link);
  expect(text).toContain('parent@acme asks you to');
  expect(text).toContain('parent@acme 请您将');
});

test('names that are HTML are shown as they are', () => {
  const names = { askedBy: '<b>a"&\'', legalName: '<script>alert(1)</script>', displayName: '</p><a href="x">' };
  const { html } = confirmationLetter(request('r1', names), link);
  expect(html).not.toContain('<script>');
  expect(html).not.toContain('<b>');
  expect(html).not.toContain('<a href="x">');
  expect(html).toContain('&lt;b&gt;a&quot;&amp;&#39; (&lt;script&gt;alert(1)&lt;/script&gt;)');
});
