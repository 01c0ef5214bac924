import { beforeAll, describe, expect, test } from 'vitest';
import { acceptedParameters } from '#infra/acceptedParameters.ts';
import { asHeader, fromHeader, HINT_HEADER, openHints } from '#infra/local/hints.ts';
import { operations } from '#infra/operations.ts';
import { receiveRaw } from '#lib/auth/received.ts';
import { newFolder, type RunningEmulator, run, startEmulatorProcess } from '#test/support/emulatorProcess.ts';

const { hintFor } = openHints(operations, ['/health', '/_emulator/clock']);

/** The hint for an unsigned request, which names its operation as a signed one does. */
function hint(url: string, status = 400): string | undefined {
  return hintFor(receiveRaw({ method: 'GET', url, headers: new Headers(), body: new Uint8Array() }), status);
}

const bss = 'Version=2017-12-14';

describe('a hint', () => {
  test.each([
    [`/?Action=AddAcountRelation&${bss}`, 'There is no action AddAcountRelation; did you mean AddAccountRelation?'],
    [`/?Action=confirmrelation&${bss}`, 'There is no action confirmrelation; did you mean ConfirmRelation?'],
    ['/bss/ConfirmRelatoin', 'There is no action ConfirmRelatoin; did you mean ConfirmRelation?'],
    ['/?Action=ConfirmRelation&Version=2017-12-15', 'ConfirmRelation is of version 2017-12-14, not of 2017-12-15.'],
    ['/helth', 'There is nothing at /helth; did you mean /health?'],
    ['/_emulatr/clock', 'There is nothing at /_emulatr/clock; did you mean /_emulator/clock?'],
    [
      '/bss/GetAccountRelations/',
      'There is nothing at /bss/GetAccountRelations/; did you mean /bss/GetAccountRelation?',
    ],
  ])('for %s names what was probably meant', (url, said) => {
    expect(hint(url, 404)).toBe(said);
  });

  test.each([
    [
      `/?Action=AddAccountRelation&${bss}&PermisionCodes.1=A`,
      'AddAccountRelation has no parameter PermisionCodes; did you mean PermissionCodes?',
    ],
    [
      `/bss/GetAccountRelation?relationId=5`,
      'GetAccountRelation has no parameter relationId; did you mean RelationId?',
    ],
  ])('for %s names the parameter that was probably meant, whatever was answered', (url, said) => {
    for (const status of [200, 400, 403]) expect(hint(url, status)).toBe(said);
  });

  test('names the values that are allowed where one is refused', () => {
    const params = 'RelationId=5&RequestId=r&PermissionCodes.1=CHECK_FINANCE_INFO';
    expect(hint(`/?Action=ConfirmRelation&${bss}&${params}&ConfirmCode=yes`)).toMatch(
      /^ConfirmCode is one of child_agree, child_disagree, /,
    );
    expect(hint(`/?Action=ConfirmRelation&${bss}&${params}&ConfirmCode=child_agree`)).toBeUndefined();
    const wrong =
      'ConfirmCode=child_agree&RequestId=r&RelationId=5&PermissionCodes.1=CHECK_FINANCE_INFO&PermissionCodes.2=X';
    expect(hint(`/?Action=ConfirmRelation&${bss}&${wrong}`)).toMatch(
      /^PermissionCodes\.2 is one of .*CHECK_FINANCE_INFO/,
    );
  });

  test('describes a parameter whose values are too many to list', () => {
    expect(hint(`/?Action=QueryRelationList&${bss}&UserId=me`)).toMatch(/^UserId: .+\.$/);
  });

  test.each([
    ['/', 400],
    ['/?Action=Nothing&Version=2017-12-14', 404],
    ['/nowhere-near-anything', 404],
    ['/?Action=GetAccountRelation&Version=2017-12-14&RelationId=5', 400],
    ['/?Action=GetAccountRelation&Version=2017-12-14&RelationId=5', 200],
    ['/?Action=GetAccountRelation&%zz', 400],
  ] as const)('is not given for %s, answered %d', (url, status) => {
    expect(hint(url, status)).toBeUndefined();
  });

  test.each(operations)('is not given for what SDKs send with $action besides its parameters', (operation) => {
    const sent = [
      'RegionId',
      'OwnerId',
      'OwnerAccount',
      'ResourceOwnerId',
      'ResourceOwnerAccount',
      'SecurityToken',
      'Format',
    ];
    const names = [
      ...sent,
      'AccessKeyId',
      'SignatureMethod',
      'SignatureNonce',
      'SignatureVersion',
      'Timestamp',
      'Signature',
    ];
    const all = [...names, ...acceptedParameters(operation).map(({ name }) => name)];
    const query = new URLSearchParams(Object.fromEntries(all.map((name) => [name, '1'])));
    const path = `/${operation.product.name}/${operation.action}`;
    expect(hint(`${path}?${query}`, 200)).toBeUndefined();
  });

  test('repeats no more than so much of what was sent, and survives a header', () => {
    const long = 'A'.repeat(5000);
    expect(hint(`/?Action=${long}&${bss}`, 404)).toBeUndefined();
    const odd = 'ConfirmCode is one of a, 取消, 100%.\n';
    expect(asHeader(odd)).toMatch(/^[\x20-\x7e]+$/);
    expect(fromHeader(asHeader(odd))).toBe(odd);
  });
});

describe('the emulator', () => {
  let emulator: RunningEmulator;
  const data = newFolder();

  beforeAll(async () => {
    emulator = await startEmulatorProcess({ TRIBUTARY_DATA: data });
  });

  test('has hints in a header, and tells each once; the body is the vendor’s', async () => {
    const url = `${emulator.baseUrl}/?Action=AddAcountRelation&${bss}`;
    const [first] = await Promise.all([fetch(url), fetch(url)]);
    const said = 'There is no action AddAcountRelation; did you mean AddAccountRelation?';
    expect(first.headers.get(HINT_HEADER)).toBe(said);
    expect(await first.json()).toMatchObject({
      Code: 'InvalidApi.NotFound',
      Message: 'Specified api is not found, please check your url and method.',
    });
    const params = { RelationId: '5', ConfirmCode: 'yes', PermissionCodes: ['CHECK_FINANCE_INFO'], RequestId: 'r' };
    const refused = await emulator.call('child', 'ConfirmRelation', params);
    expect(refused.body.Message).toBe('Specified parameter ConfirmCode is not valid.');
    const { stderr } = await emulator.end('SIGTERM');
    const [told, ...others] = stderr.split('\n');
    expect(told).toBe(said);
    expect(others.join('\n')).toMatch(/^ConfirmCode is one of child_agree, .*\.\n$/);
    emulator = await startEmulatorProcess({ TRIBUTARY_DATA: data });
  });

  test('has them printed by call', async () => {
    const words = ['ConfirmRelation', '--as', 'child', '--RelationId', '5', '--ConfirmCode', 'yes'];
    const codes = ['--PermissionCodes', 'CHECK_FINANCE_INFO'];
    const { code, stdout, stderr } = await run('call', [...words, ...codes], { TRIBUTARY_DATA: data });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ Message: 'Specified parameter ConfirmCode is not valid.' });
    expect(stderr).toMatch(/^ConfirmCode is one of child_agree, child_disagree, .*\.\n$/);
  });

  test.each([
    ['clok', undefined, 'The emulator has no GET /_emulator/clok; did you mean /_emulator/clock?'],
    ['reset', undefined, 'The emulator has no GET /_emulator/reset; ask by POST.'],
    ['mail', '', 'The emulator has no POST /_emulator/mail; ask by GET.'],
  ])('says of its own path %s how it is asked for', async (path, body, error) => {
    expect(await emulator.control(path, body)).toEqual({ status: 404, body: { error } });
  });
});

test('where a record of each call is wanted, it has method, path and reason', async () => {
  const emulator = await startEmulatorProcess({ TRIBUTARY_DATA: ':memory:', TRIBUTARY_LOG: 'calls' });
  await fetch(`${emulator.baseUrl}/bss/GetAccountRelation?RelationId=5`);
  await emulator.call('operator', 'ListRegisteredAccounts');
  const { stdout } = await emulator.end('SIGTERM');
  const records = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  expect(records).toMatchObject([
    { method: 'GET', path: '/bss/GetAccountRelation', action: 'GetAccountRelation', reason: 'MissingAccessKeyId' },
    { method: 'POST', path: '/', action: 'ListRegisteredAccounts', status: 200, code: 'OK' },
  ]);
});
