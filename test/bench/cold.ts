import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { bundle, bundleFolder } from '#infra/bundle.ts';
import { type Bench, median } from '#test/bench/bench.ts';
import { benchEstate } from '#test/bench/estate.ts';
import { hello } from '#test/bench/hello.ts';
import { type Invitation, invite, signedConfirm } from '#test/bench/invitations.ts';
import { portOf } from '#test/bench/served.ts';
import { masterKey } from '#test/support/estate.ts';

const BAR = 0.6;
const ROUNDS = 11;

/** A function that is loaded in a process of its own, and the event of its first call. */
interface Cold {
  readonly file: string;
  readonly event: (invitation: Invitation) => object;
}

export const bench: Bench = {
  measures: `CPU of a fresh function until its first confirmation is answered, against the same transaction of a bare hello, at most ${BAR}`,
  async run(print) {
    const folder = mkdtempSync(join(tmpdir(), 'tributary-cold-'));
    const bareFile = join(folder, 'hello.js');
    const estate = await benchEstate();
    const keys = await keyServer();
    try {
      await bundle();
      await bundleHello(bareFile);
      const env = {
        ...environment,
        AWS_ENDPOINT_URL_DYNAMODB: estate.endpoint,
        AWS_ENDPOINT_URL_SSM: keys.url,
        TABLE_NAME: estate.tableName,
      };
      const all: Readonly<Record<string, Cold>> = {
        hello: { file: bareFile, event: bareEvent },
        'bss/ConfirmRelation': { file: join(bundleFolder, 'bss/ConfirmRelation.mjs'), event: signedEvent },
        'the door': { file: join(bundleFolder, 'rpc.mjs'), event: signedEvent },
      };
      const invitations = await invite(ROUNDS * Object.keys(all).length, estate);
      const cpuMs = Object.fromEntries(Object.keys(all).map((name) => [name, [] as number[]]));
      for (let round = 0; round < ROUNDS; round++) {
        // In turns, so that a machine that slows down slows all.
        for (const [name, cold] of Object.entries(all)) {
          const invitation = invitations.pop();
          if (invitation) cpuMs[name]?.push(await coldCpuMs(cold, invitation, env));
        }
      }
      return report(cpuMs, print);
    } finally {
      await estate.stop();
      await keys.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function report(cpuMs: Readonly<Record<string, readonly number[]>>, print: (line: string) => void): boolean {
  const { hello: bare = [], ...ours } = cpuMs;
  print(`hello ${median(bare).toFixed(0)} ms`);
  return Object.entries(ours)
    .map(([name, times]) => {
      const ratio = median(times) / median(bare);
      print(`${name} ${median(times).toFixed(0)} ms, ratio ${ratio.toFixed(2)}`);
      return ratio <= BAR;
    })
    .every((isMet) => isMet);
}

/** A deployed function's environment. */
const environment = {
  PATH: process.env['PATH'],
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  MASTER_KEY_PARAMETER: '/tributary/bench/master-key',
};

async function bundleHello(outfile: string): Promise<void> {
  await build({
    stdin: { contents: hello, resolveDir: import.meta.dirname, sourcefile: 'hello.ts', loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    logLevel: 'error',
  });
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

const common = { version: '2.0', isBase64Encoded: false };

function bareEvent({ child, relationId }: Invitation): object {
  const rawPath = `/${relationId}/${child.uid}`;
  const http = { method: 'POST', path: rawPath, sourceIp: '203.0.113.7' };
  const headers = { host: 'tributary.test' };
  return { ...common, rawPath, rawQueryString: '', headers, requestContext: { http, domainName: 'tributary.test' } };
}

function signedEvent(invitation: Invitation): object {
  const { headers, path } = signedConfirm(invitation);
  const http = { method: 'POST', path: '/', sourceIp: '203.0.113.7' };
  return { ...common, rawPath: '/', rawQueryString: path.slice(2), headers, requestContext: { http } };
}

/** From before the import, or the `require` of what is CommonJS, to after the first answer; Node's own start is no function's doing. */
const script = `
  import { createRequire } from 'node:module';
  const [file, url, event] = process.argv.slice(1);
  const require = createRequire(url);
  const before = process.cpuUsage();
  const { handler } = file.endsWith('.mjs') ? await import(url) : require(file);
  // A function is loaded some time before its first call.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { statusCode, body } = await handler(JSON.parse(event), {});
  const { system, user } = process.cpuUsage(before);
  process.stdout.write('\\n' + JSON.stringify({ statusCode, body, cpuMs: (system + user) / 1000 }));
  process.exit();`;

async function coldCpuMs(
  { event, file }: Cold,
  invitation: Invitation,
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const words = ['--input-type=module', '-e', script, file, pathToFileURL(file).href];
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [...words, JSON.stringify(event(invitation))], { env: { ...env } });
  const { body, cpuMs, statusCode } = JSON.parse(stdout.slice(stdout.lastIndexOf('\n')));
  if (statusCode !== 200) throw new Error(`${file} does not confirm: ${statusCode} ${body}`);
  return cpuMs;
}
