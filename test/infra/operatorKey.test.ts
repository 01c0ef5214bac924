import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { ensureTable, localClient } from '#infra/local/database.ts';
import { openDeps } from '#lib/deps.ts';
import { systemPorts } from '#lib/ports.ts';
import { testEndpoint } from '#test/support/engine.ts';
import { answerTo, signedCall } from '#test/support/estate.ts';
import { builtProgram } from '#test/support/programs.ts';

async function operatorKey(words: readonly string[], env: Readonly<Record<string, string>>) {
  return spawnSync(process.execPath, [await builtProgram('operatorKey'), ...words], {
    cwd: new URL('../..', import.meta.url),
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...env },
  });
}

test('the first operator key of an empty table can register the first account', async () => {
  const tableName = `test-${randomBytes(8).toString('hex')}`;
  const client = localClient(await testEndpoint());
  await ensureTable(client, tableName);
  const { status, stdout, stderr } = await operatorKey(['--table', tableName], {
    MASTER_KEY: '07'.repeat(32),
    AWS_ENDPOINT_URL_DYNAMODB: await testEndpoint(),
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  expect(status, stderr).toBe(0);
  const { OPERATOR_AK: keyId = '', OPERATOR_SK: secret = '' } = parseEnv(stdout);
  const ports = { ...systemPorts, log: () => undefined };
  const deps = openDeps({ client, tableName, masterKey: Buffer.alloc(32, 7), ports });
  const [path, init] = signedCall({ uid: 0, keyId, secret }, 'RegisterAccount', '2026-01-01', {
    Name: 'first@acme',
    LegalName: 'Acme',
  });
  const response = await answerTo(path, init, deps);
  expect(await response.json()).toMatchObject({ Uid: expect.anything() });
});

test('--help says how it is called, and so does a call without what it needs', async () => {
  const help = await operatorKey(['--help'], {});
  expect(help).toMatchObject({ status: 0, stderr: '' });
  for (const word of ['--table <table>', '--parameter <parameter>', 'AWS_REGION', 'MASTER_KEY']) {
    expect(help.stdout).toContain(word);
  }
  for (const [words, said] of [
    [[], 'Name the table.'],
    [['--table', 'tributary-dev'], 'Name the parameter of the master key.'],
    [['--tabel', 'tributary-dev'], "Unknown option '--tabel'."],
  ] as const) {
    const { status, stdout, stderr } = await operatorKey(words, {});
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: `${said}\n${help.stdout}` });
  }
});

test('a table that is not reached is told in one sentence', async () => {
  const { status, stdout, stderr } = await operatorKey(['--table', 'tributary-dev'], {
    MASTER_KEY: '07'.repeat(32),
    AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9',
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^No key was issued: .*\.\n$/);
});
