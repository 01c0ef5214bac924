import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Metafile } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { BUNDLE_LIMIT_BYTES, bundleFolder } from '#infra/bundle.ts';
import { type FirstLoad, firstLoads, tooLarge } from '#infra/bundleSizes.ts';
import { deployedFunctions } from '#infra/deployed.ts';
import { pathOf } from '#infra/handlers.ts';
import { versionsOf } from '#lib/pipeline/route.ts';
import { bundled } from '#test/infra/packaged.ts';

const all = await deployedFunctions();
const fileOf = (name: string) => join(bundleFolder, `${name}.mjs`);
const operations = all.flatMap(({ trigger }) => (trigger.kind === 'operation' ? [trigger.operation] : []));
type Output = Metafile['outputs'][string];
let metafile: Metafile;
let loads: readonly FirstLoad[];

beforeAll(async () => {
  metafile = await bundled();
  loads = firstLoads(metafile);
});

const loadsOf = (name: string) => loads.filter((load) => load.name === name || load.name.startsWith(`${name} for `));

test.each(all.map(({ name }) => name))(
  '%s loads little for its first call, and has no source map unless one is wanted',
  (name) => {
    expect(loadsOf(name)).toHaveLength(name === 'rpc' ? operations.length : 1);
    for (const { bytes, files } of loadsOf(name)) {
      expect(bytes).toBeLessThanOrEqual(BUNDLE_LIMIT_BYTES);
      for (const { file } of files) expect(existsSync(join(bundleFolder, '..', `${file}.map`))).toBe(false);
    }
  },
);

describe('the door', () => {
  test('has a part for each operation, which holds no other', () => {
    for (const { files, name } of loadsOf('rpc')) {
      const inputs = files.flatMap(({ file }) => Object.keys(metafile.outputs[file]?.inputs ?? {}));
      const held = inputs.flatMap((input) => /^functions\/(\w+\/\w+)\.ts$/.exec(input)?.[1] ?? []);
      expect(held).toEqual([name.slice('rpc for '.length)]);
    }
  });

  test('answers the first call of an operation with the files that are counted for it, and no other', () => {
    const folder = mkdtempSync(join(tmpdir(), 'test-door-'));
    try {
      const entries = operations.flatMap((operation) => {
        const { action, product } = operation;
        const [version = ''] = versionsOf(operation);
        const name = `${product.name}/${action}`;
        const [load] = loadsOf(`rpc for ${name}`);
        for (const { file } of load?.files ?? []) {
          const copy = join(folder, name, file);
          mkdirSync(dirname(copy), { recursive: true });
          copyFileSync(join(bundleFolder, '..', file), copy);
        }
        const url = pathToFileURL(join(folder, name, '.build/rpc.mjs')).href;
        const spellings = Object.entries(product.spellings ?? {}).filter(([, meant]) => meant === action);
        return [action, ...spellings.map(([spelling]) => spelling)].map((asked) => {
          const query = `Action=${asked}&Version=${version}`;
          return { name: `${name} as ${asked}`, url, path: '/', query };
        });
      });
      const { answers } = answersOf(entries, master);
      for (const { name } of entries) expect([400, 401], name).toContain(answers[name].statusCode);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

test('what is loaded for a first call is counted whole: the entry, what it shares, and the part that is asked for', () => {
  const output = (bytes: number, entryPoint?: string, imports: Output['imports'] = []) => ({
    bytes,
    imports,
    exports: [],
    inputs: {},
    ...(entryPoint && { entryPoint }),
  });
  const outputs = {
    '.build/rpc.mjs': output(150_000, 'function:rpc', [
      { path: '.build/rpc/shared.mjs', kind: 'import-statement' },
      { path: '.build/rpc/bss.mjs', kind: 'dynamic-import' },
      { path: '.build/rpc/billing.mjs', kind: 'dynamic-import' },
      { path: 'node:http', kind: 'dynamic-import', external: true },
    ]),
    '.build/rpc/shared.mjs': output(50_000),
    '.build/rpc/bss.mjs': output(50_000, 'functions/bss/ConfirmRelation.ts', [
      { path: '.build/rpc/shared.mjs', kind: 'import-statement' },
    ]),
    '.build/rpc/billing.mjs': output(50_001, 'functions/billing/ListInvitation.ts'),
  };
  const counted = firstLoads({ inputs: {}, outputs });
  expect(counted.map(({ bytes, name }) => [name, bytes])).toEqual([
    ['rpc for bss/ConfirmRelation', 250_000],
    ['rpc for billing/ListInvitation', 250_001],
  ]);
  expect(tooLarge(counted).map(({ name }) => name)).toEqual(['rpc for billing/ListInvitation']);
});

/** The environment of a deployed function. */
const deployedEnv = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  TABLE_NAME: 'tributary',
};
const master = { ...deployedEnv, MASTER_KEY_PARAMETER: '/tributary/dev/master-key' };

/** Loads every bundle in a process where connections and name look-ups fail and are recorded, then calls each. */
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
  for (const { name, url, path, query } of JSON.parse(process.argv[1])) {
    const { handler } = await import(url);
    if (!path) { answers[name] = typeof handler; continue; }
    const event = {
      version: '2.0', rawPath: path, rawQueryString: query,
      headers: { host: 'api.example.com' }, isBase64Encoded: false,
      requestContext: { http: { method: 'GET', sourceIp: '203.0.113.7' } },
    };
    const { statusCode, body } = await handler(event);
    answers[name] = { statusCode, body: body.startsWith('{') ? JSON.parse(body) : body };
  }
  process.stderr.write(JSON.stringify({ answers, attempts }));
  process.exit();
`;

interface Entry {
  readonly name: string;
  readonly url: string;
  readonly path?: string | undefined;
  readonly query?: string;
}

function answersOf(entries: readonly Entry[], env: NodeJS.ProcessEnv) {
  const words = ['--input-type=module', '-e', script, JSON.stringify(entries)];
  const { stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8', env });
  expect(status, stderr).toBe(0);
  return JSON.parse(stderr);
}

test('with the network cut every bundle loads, and refuses an unsigned request as its vendor does', () => {
  const entries = all.map((deployed) => ({
    name: deployed.name,
    url: pathToFileURL(fileOf(deployed.name)).href,
    path: pathOf(deployed),
    query: deployed.trigger.kind === 'door' ? 'Action=GetAccountRelation&Version=2017-12-14' : 'RelationId=x',
  }));
  const { answers, attempts } = answersOf(entries, master);
  // A function asks for the master key while it loads, and does not get it.
  expect(new Set(attempts)).toEqual(new Set(['ssm.us-east-1.amazonaws.com']));
  for (const { name, trigger } of all) {
    if (trigger.kind === 'schedule' || trigger.kind === 'stream') {
      expect(answers[name]).toBe('function');
      continue;
    }
    if (trigger.kind === 'page') {
      expect(answers[name], name).toMatchObject({ statusCode: 404, body: expect.stringContaining('<!doctype html>') });
      continue;
    }
    const vendor = name.startsWith('billing/')
      ? { statusCode: 401, body: { ResponseMetadata: { Error: { Code: 'MissingAuthenticationToken' } } } }
      : { statusCode: 400, body: { Code: 'MissingAccessKeyId' } };
    expect(answers[name], name).toMatchObject(vendor);
  }
});

test('a worker does not even ask for the master key while it loads', () => {
  const workers = all.filter(({ trigger }) => trigger.kind === 'schedule' || trigger.kind === 'stream');
  const entries = workers.map(({ name }) => ({ name, url: pathToFileURL(fileOf(name)).href }));
  expect(answersOf(entries, deployedEnv)).toEqual({
    answers: Object.fromEntries(workers.map(({ name }) => [name, 'function'])),
    attempts: [],
  });
});
