import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createAdaptorServer } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { app as rpc } from '#functions/rpc.ts';
import { controls } from '#infra/local/controls.ts';
import { ensureTable, localClient, recreateTable } from '#infra/local/database.ts';
import { demoEnvironment, isLoaded, loadDemoEstate } from '#infra/local/demoEstate.ts';
import { StartError, startEngine } from '#infra/local/engine.ts';
import { masterKeyIn } from '#infra/local/masterKey.ts';
import { turnableClock } from '#infra/local/turnableClock.ts';
import { type Deps, openDeps } from '#lib/deps.ts';
import { type Ports, systemPorts } from '#lib/ports.ts';

const TABLE = 'tributary';
const HOST = '127.0.0.1';
/** The vendors' clients keep connections and do not repeat a request whose connection was reset (reference wire 7.5). */
const KEEP_ALIVE_MS = 65_000;

export interface EmulatorOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** A folder kept between runs, or `:memory:`. */
  readonly data: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Ports['log'];
}

export interface Emulator {
  readonly baseUrl: string;
  /** The file with the demo estate's credentials. */
  readonly envFile: string;
  stop(): Promise<void>;
}

/** Starts everything the emulator is; nothing stays behind when that fails. Throws `StartError`. */
export async function startEmulator({ port, data, env, log }: EmulatorOptions): Promise<Emulator> {
  const inMemory = data === ':memory:';
  const folder = inMemory ? mkdtempSync(join(tmpdir(), 'tributary-')) : data;
  mkdirSync(folder, { recursive: true });
  const engine = await startEngine(inMemory ? undefined : join(folder, 'tributary.db'), env);
  const client = localClient(engine.endpoint);
  const dispose = async () => {
    client.destroy();
    await engine.stop();
    if (inMemory) rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ensureTable(client, TABLE);
    const state = await openState(client, folder, log);
    const server = await listen(port, state.app);
    const baseUrl = `http://${HOST}:${server.port}`;
    const envFile = join(folder, 'demo.env');
    writeFileSync(envFile, demoEnvironment(baseUrl, state.deps().keyring), { mode: 0o600 });
    return {
      baseUrl,
      envFile,
      async stop() {
        await server.close();
        await dispose();
      },
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function openState(client: DynamoDBDocumentClient, folder: string, log: Ports['log']) {
  const clock = turnableClock(systemPorts.wallNow, join(folder, 'clock'));
  const ports = { ...systemPorts, now: clock.now, log };
  const masterKey = masterKeyIn(folder);
  const open = () => openDeps({ client, tableName: TABLE, masterKey, ports });
  let deps = open();
  const reset = async () => {
    clock.turnTo(0);
    await recreateTable(client, TABLE);
    deps = open();
    await loadDemoEstate(deps);
  };
  // A first start that was cut short is begun again.
  if (!(await isLoaded(deps))) await reset();
  const app = new Hono()
    .route('/_emulator', controls({ clock, wallNow: ports.wallNow, reset }))
    .all('*', (c) => rpc.fetch(c.req.raw, { deps, sourceIp: getConnInfo(c).remote.address ?? HOST }));
  return { app, deps: (): Deps => deps };
}

async function listen(port: number, app: Hono): Promise<{ port: number; close(): Promise<void> }> {
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: { keepAliveTimeout: KEEP_ALIVE_MS } });
  server.listen(port, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (!isErrno(error) || error.code !== 'EADDRINUSE') throw error;
    throw new StartError(`Port ${port} is in use; set PORT to another, or to 0 for any free one.`);
  }
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}
