import { expect, test } from 'vitest';
import { invitationLetter } from '#lib/mail/invitation.ts';
import { readIn } from '#test/workers/mailing.ts';

const notice = {
  kind: 'invitation',
  handshakeId: 'h-0123456789abcdef',
  askedBy: 'parent@acme',
  legalName: 'Acme Ltd.',
  directoryId: 'rd-3G12ab',
  deadlineMs: Date.UTC(2024, 4, 11, 2, 11, 9),
} as const;

test('the mail of an invitation says in English, then in Chinese, who invites to what, and until when', () => {
  const { html, subject, text } = invitationLetter(notice);
  for (const version of [text, readIn(html)]) {
    expect(version).toContain('parent@acme (Acme Ltd.) invites your account to the resource directory rd-3G12ab');
    expect(version).toContain('the invitation h-0123456789abcdef');
    expect(version).toContain('until 2024-05-11 02:11 (UTC)');
    expect(version).toContain('parent@acme（Acme Ltd.）邀请您的账号加入资源目录 rd-3G12ab');
    expect(version).toContain('2024-05-11 02:11（UTC）');
    expect(version.indexOf('invites')).toBeLessThan(version.indexOf('邀请您'));
  }
  expect(subject).toBe('Your account is invited to a resource directory / 您的账号受邀加入资源目录');
});

test('it has no link and loads nothing from elsewhere', () => {
  const { html, text } = invitationLetter(notice);
  expect(text).not.toContain('://');
  expect(html).not.toMatch(/<(a|img|script|link|iframe)\b|src=|url\(/);
});

test('whoever is not verified is named by the login alone, and names that are HTML are shown as they are', () => {
  const { html, text } = invitationLetter({ ...notice, legalName: '', askedBy: '<b>"x"' });
  expect(text).toContain('<b>"x" invites');
  expect(html).toContain('&lt;b&gt;&quot;x&quot; invites');
});
