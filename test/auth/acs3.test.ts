import { describe, expect, it } from 'vitest';
import type { RawRequest } from '#lib/auth/authenticate.ts';
import { sha256Hex } from '#lib/auth/canonical.ts';
import {
  circumstancesOf,
  refusalOf,
  requestOf,
  vectorIn,
  verify,
  withAuthorization,
  withHeaders,
} from '#test/auth/vectors.ts';

const call = vectorIn('acs3-hmac-sha256', 'bss-add-account-relation-post-query');
const form = vectorIn('acs3-hmac-sha256', 'generic-enroll-account-form-body');
const temporary = vectorIn('acs3-hmac-sha256', 'bss-sts-token');

const good = circumstancesOf(call);
const [key = { accessKeyId: '', accessKeySecret: '' }] = good.keys;
const request = requestOf(call);
const otherBody = Buffer.from('AccountUid=1');

function urlWith(from: string, to: string): RawRequest {
  expect(request.url).toContain(from);
  return { ...request, url: request.url.replace(from, to) };
}

describe('an ACS3 request that is not what was signed is refused as SignatureDoesNotMatch', () => {
  it.each<[string, RawRequest]>([
    ['a changed parameter', urlWith('RelationType=enterprise_group', 'RelationType=enterprise_grouq')],
    ['an added parameter', { ...request, url: `${request.url}&DryRun=true` }],
    ['a removed parameter', urlWith('&RequestId=req-add-1', '')],
    ['an empty value instead of none', { ...request, url: `${request.url}&ChildNick=` }],
    [
      'two array members exchanged',
      urlWith(
        'PermissionCodes.1=FORBID_WITHDRAW_CASH&PermissionCodes.2=CHECK_TARGET_CONSUMPTION',
        'PermissionCodes.2=FORBID_WITHDRAW_CASH&PermissionCodes.1=CHECK_TARGET_CONSUMPTION',
      ),
    ],
    ['another action', withHeaders(request, { 'x-acs-action': 'RelieveAccountRelation' })],
    ['another version', withHeaders(request, { 'x-acs-version': '2017-12-15' })],
    ['another nonce', withHeaders(request, { 'x-acs-signature-nonce': 'another' })],
    ['another method', { ...request, method: 'GET' }],
    ['another host', withHeaders(request, { host: 'business.aliyuncs.com' })],
    ['another path', { ...request, url: request.url.replace('/?', '/bss/AddAccountRelation?') }],
    ['an added body', { ...request, body: otherBody }],
  ])('%s', async (_, changed) => {
    expect(await refusalOf(changed, good)).toMatchObject({ code: 'SignatureDoesNotMatch', status: 400 });
  });

  it.each<[string, RawRequest]>([
    ['a changed body with the old hash', { ...requestOf(form), body: otherBody }],
    [
      'a changed body with a new hash',
      { ...withHeaders(requestOf(form), { 'x-acs-content-sha256': sha256Hex(otherBody) }), body: otherBody },
    ],
    ['another content type', withHeaders(requestOf(form), { 'content-type': 'application/json' })],
    ['no content type', withHeaders(requestOf(form), { 'content-type': undefined })],
  ])('%s', async (_, changed) => {
    expect(await refusalOf(changed, circumstancesOf(form))).toMatchObject({
      code: 'SignatureDoesNotMatch',
      status: 400,
    });
  });

  it('another secret', async () => {
    const keys = [{ ...key, accessKeySecret: 'other' }];
    expect(await refusalOf(request, { ...good, keys })).toMatchObject({ code: 'SignatureDoesNotMatch', status: 400 });
  });
});

describe('an ACS3 request that is malformed is refused', () => {
  it.each([
    ['x-acs-action', 'MissingAction'],
    ['x-acs-version', 'MissingVersion'],
    ['x-acs-date', 'MissingTimestamp'],
    ['x-acs-signature-nonce', 'MissingSignatureNonce'],
    ['x-acs-content-sha256', 'MissingContentSha256'],
    ['host', 'MissingHost'],
  ])('without %s', async (header, code) => {
    const refusal = await refusalOf(withHeaders(request, { [header]: undefined }), good);
    expect(refusal).toMatchObject({ code, status: 400, message: `${code.slice(7)} is mandatory for this action.` });
    const unlisted = withAuthorization(request, (text) => text.replace(new RegExp(`${header};?`), ''));
    const listless = await refusalOf(unlisted, good);
    expect(listless?.code).toBe('IncompleteSignature');
  });

  const incomplete: [string, RawRequest][] = [
    ['with an x-acs-* header outside SignedHeaders', withHeaders(request, { 'x-acs-debug': 'true' })],
    ['with Authorization cut short', withAuthorization(request, (text) => text.slice(0, -1))],
    ['with Authorization cut after the credential', withAuthorization(request, (text) => text.split(',')[0] ?? '')],
    [
      'with an upper-case signature',
      withAuthorization(request, (text) => text.replace(/[^=]*$/, (hex) => hex.toUpperCase())),
    ],
    ['with an unknown field', withAuthorization(request, (text) => `${text},Extra=1`)],
    ['with a repeated field', withAuthorization(request, (text) => `${text},Credential=AKIDEXAMPLE`)],
    ['with a signed header that is no name', withAuthorization(request, (text) => text.replace('host;', 'ho st;'))],
    [
      'with an empty name among the signed headers',
      withAuthorization(request, (text) => text.replace('host;', 'host;;')),
    ],
    ['of a scheme nobody knows', withAuthorization(request, () => 'Bearer token')],
    ['with a broken escape', { ...request, url: `${request.url}%` }],
    ['with an escape that is not UTF-8', { ...request, url: `${request.url}%ff` }],
  ];
  it.each(incomplete)('%s: IncompleteSignature', async (_, changed) => {
    const message = 'The request signature does not conform to Aliyun standards.';
    expect(await refusalOf(changed, good)).toMatchObject({ code: 'IncompleteSignature', status: 400, message });
  });

  it.each<[string, RawRequest, string]>([
    ['without Authorization', withHeaders(request, { authorization: undefined }), 'MissingAccessKeyId'],
    ['without a key id', withAuthorization(request, (text) => text.replace(/=[^,]*/, '=')), 'MissingAccessKeyId'],
    ['by SM3', withAuthorization(request, (text) => text.replace('SHA256', 'SM3')), 'InvalidSignatureMethod'],
    [
      'with a date in another form',
      withHeaders(request, { 'x-acs-date': '20261122T032859Z' }),
      'InvalidTimeStamp.Format',
    ],
    [
      'with a day that is not',
      withHeaders(request, { 'x-acs-date': '2026-02-30T03:28:59Z' }),
      'InvalidTimeStamp.Format',
    ],
  ])('%s', async (_, changed, code) => {
    expect(await refusalOf(changed, good)).toMatchObject({ code, status: 400 });
  });
});

describe('the access key of an ACS3 request', () => {
  it('that is unknown is not found', async () => {
    const refusal = await refusalOf(request, { ...good, keys: [] });
    expect(refusal).toMatchObject({ code: 'InvalidAccessKeyId.NotFound', status: 404 });
  });

  it('that is disabled is refused', async () => {
    const refusal = await refusalOf(request, { ...good, active: false });
    expect(refusal).toMatchObject({ code: 'InvalidAccessKeyId.Inactive', status: 400 });
  });

  it('that is temporary needs its token', async () => {
    const removed = withHeaders(requestOf(temporary), { 'x-acs-security-token': undefined });
    const unlisted = withAuthorization(removed, (text) => text.replace(';x-acs-security-token', ''));
    const expected = { code: 'MissingSecurityToken', status: 400 };
    expect(await refusalOf(removed, circumstancesOf(temporary))).toMatchObject(expected);
    expect(await refusalOf(unlisted, circumstancesOf(temporary))).toMatchObject(expected);
  });

  it('does not go with the token of another', async () => {
    const expected = { code: 'InvalidSecurityToken.MismatchWithAccessKey', status: 400 };
    const changed = withHeaders(requestOf(temporary), { 'x-acs-security-token': 'other' });
    expect(await refusalOf(changed, circumstancesOf(temporary))).toMatchObject(expected);
    const lasting = circumstancesOf(temporary).keys.map(({ securityToken: _, ...rest }) => rest);
    const refusal = await refusalOf(requestOf(temporary), { ...circumstancesOf(temporary), keys: lasting });
    expect(refusal).toMatchObject(expected);
  });
});

it('an ACS3 request sent twice answers the same nonce, for the caller to refuse', async () => {
  const first = await verify(request, good);
  expect(first).toHaveProperty('nonce', request.headers.get('x-acs-signature-nonce'));
  expect(await verify(request, good)).toEqual(first);
});

it('blanks after the commas of Authorization do not matter', async () => {
  const spaced = withAuthorization(request, (text) => text.replaceAll(',', ', '));
  expect(await refusalOf(spaced, good)).toBeUndefined();
});
