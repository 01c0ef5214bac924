import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { asReason, StartError } from '#infra/local/startError.ts';
import { oslsScript, serviceFolder } from '#infra/osls.ts';

const HOST = '127.0.0.1';
const READY_MS = 60_000;

// Its input closes when this process ends, even by SIGKILL. Only the main thread listens, because worker threads have
// no such pipe.
const tether = `import { isMainThread } from 'node:worker_threads';
if (isMainThread) process.stdin.resume().on('end', () => process.exit());`;

/** serverless-offline in front of the built bundles. */
export interface Gateway {
  readonly baseUrl: string;
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

/** Starts the gateway on a port, 0 for any free one; the functions get `env`. Throws `StartError`. */
export async function startGateway(port: number, stage: string, env: NodeJS.ProcessEnv): Promise<Gateway> {
  const httpPort = port === 0 ? await freePort() : port;
  const ports = ['--httpPort', String(httpPort), '--lambdaPort', String(await freePort())];
  const child = spawn(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(tether)}`,
      oslsScript,
      'offline',
      '--param',
      'stack=local',
      '--stage',
      stage,
      '--host',
      HOST,
      ...ports,
    ],
    {
      cwd: serviceFolder,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      // In its own process group, so that the terminal's Ctrl-C reaches only this process, which then stops the gateway
      // once.
      detached: true,
    },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await untilReady(child);
  return {
    baseUrl: `http://${HOST}:${httpPort}`,
    ended,
    async close() {
      child.stdin?.end();
      await ended;
    },
  };
}

/** Resolves when it listens. From then on the functions' logs go to stdout and everything else to stderr. */
async function untilReady(child: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const fail = () => {
      child.kill();
      reject(new StartError(`serverless-offline did not start: ${asReason(said) || 'it said nothing'}.`));
    };
    const timer = setTimeout(fail, READY_MS);
    child.once('exit', fail);
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      if (!said.includes('Server ready')) return;
      clearTimeout(timer);
      child.off('exit', fail);
      child.stdout?.off('data', hear);
      child.stderr?.off('data', hear);
      resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
  });
  child.stdout?.pipe(process.stdout);
  child.stderr?.pipe(process.stderr);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, HOST);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
