import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { bundle, bundleFolder } from '#infra/bundle.ts';
import { benchEstate } from '#test/bench/estate.ts';
import { hello } from '#test/bench/hello.ts';
import { type Invitation, signedConfirm } from '#test/bench/invitations.ts';
import { portOf } from '#test/bench/served.ts';
import { type Estate, masterKey } from '#test/support/estate.ts';

/** A function as it is deployed, and its event for an invitation's acceptance. */
interface Deployed {
  readonly file: string;
  event(invitation: Invitation): object;
  /** What is sent before, so that the function has read the caller's key. */
  before?(invitation: Invitation): object;
}

/** What one process did: CPU in ms until it had answered the first event, and for each of the later ones. */
interface Run {
  readonly firstMs: number;
  readonly laterMs: number;
}

/** Functions, each to be run in processes of its own over one table. */
export interface Functions {
  readonly estate: Estate;
  readonly names: readonly string[];
  /** Loads a function in a fresh process, which answers the events one after the other. Throws if an acceptance is refused. */
  run(name: string, invitations: readonly Invitation[]): Promise<Run>;
  close(): Promise<void>;
}

const common = { version: '2.0', isBase64Encoded: false };

const all: Readonly<Record<string, Deployed>> = {
  hello: {
    file: 'hello.js',
    event({ child, relationId }) {
      const rawPath = `/${relationId}/${child.uid}`;
      const http = { method: 'POST', path: rawPath, sourceIp: '203.0.113.7' };
      const headers = { host: 'tributary.test' };
      const requestContext = { http, domainName: 'tributary.test' };
      return { ...common, rawPath, rawQueryString: '', headers, requestContext };
    },
  },
  'bss/ConfirmRelation': {
    file: join(bundleFolder, 'bss/ConfirmRelation.mjs'),
    event: (invitation) => eventOf(signedConfirm(invitation)),
    // It is refused for its parameters, once its signature is verified.
    before: (invitation) => eventOf(signedConfirm(invitation, 'perhaps')),
  },
  'the door': { file: join(bundleFolder, 'rpc.mjs'), event: (invitation) => eventOf(signedConfirm(invitation)) },
};

function eventOf({ headers, path }: ReturnType<typeof signedConfirm>): object {
  const http = { method: 'POST', path: '/', sourceIp: '203.0.113.7' };
  return { ...common, rawPath: '/', rawQueryString: path.slice(2), headers, requestContext: { http } };
}

/** Builds the functions, and a table and a master key for them. */
export async function openFunctions(): Promise<Functions> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-bench-'));
  const estate = await benchEstate();
  const keys = await keyServer();
  const stdin = { contents: hello, resolveDir: import.meta.dirname, sourcefile: 'hello.ts', loader: 'ts' } as const;
  const outfile = join(folder, 'hello.js');
  await Promise.all([bundle(), build({ stdin, outfile, bundle: true, platform: 'node', logLevel: 'error' })]);
  const env = {
    PATH: process.env['PATH'],
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_ENDPOINT_URL_DYNAMODB: estate.endpoint,
    AWS_ENDPOINT_URL_SSM: keys.url,
    MASTER_KEY_PARAMETER: '/tributary/bench/master-key',
    TABLE_NAME: estate.tableName,
  };
  return {
    estate,
    names: Object.keys(all),
    async run(name, invitations) {
      const deployed = all[name];
      if (deployed === undefined) throw new Error(`there is no function ${name}`);
      const { before = () => undefined, event } = deployed;
      const isFirst = invitations.length === 1;
      const events = invitations.map((one) => ({ before: isFirst ? undefined : before(one), event: event(one) }));
      const file = join(folder, deployed.file.startsWith('/') ? 'none' : deployed.file);
      return runApart(deployed.file.startsWith('/') ? deployed.file : file, events, folder, env);
    },
    async close() {
      await Promise.all([estate.stop(), keys.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** From before the import, or the `require` of what is CommonJS, to after the first answer; Node's own start is no function's doing. */
const script = `
  import { readFileSync } from 'node:fs';
  import { createRequire } from 'node:module';
  const [file, url, sent] = process.argv.slice(1);
  const require = createRequire(url);
  const events = JSON.parse(readFileSync(sent));
  const cpuMs = (since) => { const { system, user } = process.cpuUsage(since); return (system + user) / 1000; };
  const accept = async ({ event }) => {
    const { statusCode, body } = await handler(event, {});
    if (statusCode !== 200) throw new Error(statusCode + ' ' + body);
  };
  const [first, ...later] = events;
  const begun = process.cpuUsage();
  const { handler } = file.endsWith('.mjs') ? await import(url) : require(file);
  // A function is loaded some time before its first call.
  await new Promise((resolve) => setTimeout(resolve, 50));
  await accept(first);
  const firstMs = cpuMs(begun);
  for (const { before } of later) if (before) await handler(before, {});
  const warm = later.splice(0, later.length / 4);
  for (const one of warm) await accept(one);
  const since = process.cpuUsage();
  for (const one of later) await accept(one);
  process.stderr.write('\\n' + JSON.stringify({ firstMs, laterMs: cpuMs(since) / later.length }));
  process.exit();`;

async function runApart(
  file: string,
  events: readonly object[],
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Run> {
  const sent = join(folder, 'events.json');
  writeFileSync(sent, JSON.stringify(events));
  const words = ['--input-type=module', '-e', script, file, pathToFileURL(file).href, sent];
  const { stderr } = await promisify(execFile)(process.execPath, words, { env: { ...env }, maxBuffer: 2 ** 26 });
  return JSON.parse(stderr.slice(stderr.lastIndexOf('\n')));
}

/** Answers for the parameter store, so that a function finds its master key. */
async function keyServer(): Promise<{ url: string; close(): Promise<void> }> {
  const answer = JSON.stringify({ Parameter: { Value: masterKey.toString('hex') } });
  const server = createServer((request, response) => void request.resume().on('end', () => response.end(answer)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server.address()).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
