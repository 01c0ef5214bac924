import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import {
  type Ending,
  newFolder,
  type RunningEmulator,
  run,
  startEmulatorProcess,
} from '#test/support/emulatorProcess.ts';

const data = newFolder();
let emulator: RunningEmulator;

beforeAll(async () => {
  emulator = await startEmulatorProcess({ TRIBUTARY_DATA: data });
});

const call = (...words: string[]): Promise<Ending> => run('call', words, { TRIBUTARY_DATA: data });

/** The one line of JSON a call has printed. */
function printed({ stdout, stderr }: Ending) {
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^\{.*\}\n$/);
  return JSON.parse(stdout);
}

test('a call answers its body as one line of JSON when piped, and 0', async () => {
  const { SIBLING_UID = '', PARENT_UID = '' } = emulator.env;
  const parties = ['--ParentUserId', PARENT_UID, '--ChildUserId', SIBLING_UID, '--RelationType', 'enterprise_group'];
  const codes = ['--PermissionCodes', 'CHECK_FINANCE_INFO,CHECK_TARGET_CONSUMPTION'];
  const added = await call(
    'AddAccountRelation',
    ...parties,
    ...codes,
    '--ChildNick',
    'the, sibling',
    '--RequestId',
    'mine',
  );
  expect(added.code).toBe(0);
  const { Data, ...envelope } = printed(added);
  expect(envelope).toEqual({ Code: '200', Message: 'OK', RequestId: 'mine', Success: true });

  const read = await call('QueryPermissionList', '--RelationId', String(Data.RelationId), '--as', 'sibling');
  expect(printed(read).Data).toMatchObject({ State: 'RELATED', PermissionList: [{}, {}] });
});

test('an operator action is signed with the operator key', async () => {
  const ending = await call('ListRegisteredAccounts', '--MaxResults', '2');
  expect(ending.code).toBe(0);
  expect(printed(ending).Accounts).toHaveLength(2);
});

test('a refused call answers its body and 1', async () => {
  const ending = await call('ConfirmRelation', '--RelationId', '51463', '--as', 'child');
  expect(ending.code).toBe(1);
  expect(printed(ending)).toMatchObject({ Code: 'MissingConfirmCode', Message: expect.any(String) });
});

test('a given key and address need no demo.env', async () => {
  const { CHILD_AK = '', CHILD_SK = '', CHILD_UID = '', BASE_URL = '' } = emulator.env;
  const words = [
    'QueryRelationList',
    '--UserId',
    CHILD_UID,
    '--key',
    CHILD_AK,
    '--secret',
    CHILD_SK,
    '--url',
    BASE_URL,
  ];
  const ending = await run('call', words, { TRIBUTARY_DATA: newFolder() });
  expect(ending.code).toBe(0);
  expect(printed(ending).Data.TotalCount).toBe(0);
});

test('whoever has a key in demo.env can sign, also an account of a seed', async () => {
  const { CHILD_AK = '', CHILD_SK = '', CHILD_UID = '' } = emulator.env;
  const data = newFolder();
  const own = `${readFileSync(emulator.envFile, 'utf8')}PAYER_AK=${CHILD_AK}\nPAYER_SK=${CHILD_SK}\n`;
  writeFileSync(join(data, 'demo.env'), own);
  const as = (name: string) =>
    run('call', ['QueryRelationList', '--UserId', CHILD_UID, '--as', name], { TRIBUTARY_DATA: data });
  const [payer, payr] = await Promise.all([as('payer'), as('payr')]);
  expect(payer.code).toBe(0);
  expect(payr).toMatchObject({ code: 1, stdout: '' });
  expect(payr.stderr).toMatch(
    /^--as is one of child, major, member, operator, parent, payer, sibling, sub, as in \S+demo\.env, not payr; did you mean payer\?\n$/,
  );
});

test('help is printed, and 0; bad usage tells what is wrong and how to, and 2', async () => {
  const [help, none] = await Promise.all([call('ConfirmRelation', '--help'), call()]);
  expect(help).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('--ConfirmCode') });
  expect(none).toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'Name an action.\nnpm run call -- --help lists all actions.\n',
  });
});

test('no demo.env and no emulator are each told in one sentence, and 1', async () => {
  const nowhere = newFolder();
  const [noFile, noServer, noAddress] = await Promise.all([
    run('call', ['ListRegisteredAccounts'], { TRIBUTARY_DATA: nowhere }),
    call('ListRegisteredAccounts', '--url', 'http://127.0.0.1:9'),
    call('ListRegisteredAccounts', '--url', 'somewhere'),
  ]);
  expect(noFile).toMatchObject({ code: 1, stdout: '' });
  expect(noFile.stderr).toMatch(/^There is no .*demo\.env: start the emulator with npm start, .*\.\n$/);
  expect(noServer).toMatchObject({ code: 1, stdout: '' });
  expect(noServer.stderr).toMatch(
    /^Nothing answers at http:\/\/127\.0\.0\.1:9 \(.+\); start the emulator with npm start\.\n$/,
  );
  expect(noAddress).toMatchObject({ code: 2, stdout: '' });
});
