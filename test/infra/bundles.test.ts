import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { BUNDLE_LIMIT_BYTES, bundle, bundleFolder } from '#infra/bundle.ts';
import { deployedFunctions } from '#infra/deployed.ts';
import { pathOf } from '#infra/handlers.ts';

const all = await deployedFunctions();
const fileOf = (name: string) => join(bundleFolder, `${name}.mjs`);
const sizes = new Map<string, number>();

beforeAll(async () => {
  const { outputs } = await bundle();
  for (const [file, { bytes }] of Object.entries(outputs)) sizes.set(file, bytes);
});

test.each(all.map(({ name }) => name))('%s is bundled into little, its source map beside it', (name) => {
  expect(sizes.get(`.build/${name}.mjs`)).toBeLessThanOrEqual(BUNDLE_LIMIT_BYTES);
  expect(sizes.has(`.build/${name}.mjs.map`)).toBe(true);
});

/** What a deployed function finds in its environment. */
const deployedEnv = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  TABLE_NAME: 'tributary',
};

/** Loads every bundle in a process in which any attempt to connect or to look up a name fails and is told, and calls what is served. */
const script = `
  import dns from 'node:dns';
  import { Socket } from 'node:net';
  import { syncBuiltinESMExports } from 'node:module';
  const attempts = [];
  const cut = (...target) => {
    const [whom] = target.flat();
    attempts.push(String(whom.host ?? whom));
    throw new Error('the network is cut');
  };
  Socket.prototype.connect = cut;
  dns.lookup = cut;
  dns.promises.lookup = cut;
  syncBuiltinESMExports();
  const answers = {};
  for (const { name, url, path } of JSON.parse(process.argv[1])) {
    const { handler } = await import(url);
    if (!path) { answers[name] = typeof handler; continue; }
    const event = {
      version: '2.0', rawPath: path, rawQueryString: path === '/' ? 'Action=GetAccountRelation&Version=2017-12-14' : 'RelationId=x',
      headers: { host: 'api.example.com' }, isBase64Encoded: false,
      requestContext: { http: { method: 'GET', sourceIp: '203.0.113.7' } },
    };
    const { statusCode, body } = await handler(event);
    answers[name] = { statusCode, body: JSON.parse(body) };
  }
  process.stderr.write(JSON.stringify({ answers, attempts }));
  process.exit();
`;

test('with the network cut every bundle loads, and refuses an unsigned request as its vendor does', () => {
  const entries = all.map((deployed) => ({
    name: deployed.name,
    url: pathToFileURL(fileOf(deployed.name)).href,
    path: pathOf(deployed),
  }));
  const { stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', script, JSON.stringify(entries)],
    { encoding: 'utf8', env: { ...deployedEnv, MASTER_KEY_PARAMETER: '/tributary/dev/master-key' } },
  );
  expect(status, stderr).toBe(0);
  const { answers, attempts } = JSON.parse(stderr);
  // While it loads a function asks for the master key, and cannot have it.
  expect(new Set(attempts)).toEqual(new Set(['ssm.us-east-1.amazonaws.com']));
  for (const { name, trigger } of all) {
    if (trigger.kind === 'schedule' || trigger.kind === 'stream') {
      expect(answers[name]).toBe('function');
      continue;
    }
    const vendor = name.startsWith('billing/')
      ? { statusCode: 401, body: { ResponseMetadata: { Error: { Code: 'MissingAuthenticationToken' } } } }
      : { statusCode: 400, body: { Code: 'MissingAccessKeyId' } };
    expect(answers[name], name).toMatchObject(vendor);
  }
});

test('a worker does not even ask for the master key', () => {
  const workers = all.filter(({ trigger }) => trigger.kind === 'schedule' || trigger.kind === 'stream');
  const entries = workers.map(({ name }) => ({ name, url: pathToFileURL(fileOf(name)).href }));
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, JSON.stringify(entries)], {
    encoding: 'utf8',
    env: deployedEnv,
  });
  expect(JSON.parse(stderr)).toEqual({
    answers: Object.fromEntries(workers.map(({ name }) => [name, 'function'])),
    attempts: [],
  });
});
