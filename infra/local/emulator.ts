import { join } from 'node:path';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Hono } from 'hono';
import { openBackground, scheduledJobNames } from '#infra/local/background.ts';
import { controls } from '#infra/local/controls.ts';
import { ensureTable, localClient, recreateTable } from '#infra/local/database.ts';
import { openDataFolder } from '#infra/local/dataFolder.ts';
import { demoEnvironment, isLoaded, loadDemoEstate } from '#infra/local/demoEstate.ts';
import { type Engine, startEngine } from '#infra/local/engine.ts';
import { openGate } from '#infra/local/gate.ts';
import { masterKeyIn } from '#infra/local/masterKey.ts';
import { listen, OWN_PATH, type Served } from '#infra/local/server.ts';
import { reasonOf, StartError } from '#infra/local/startError.ts';
import { turnableClock } from '#infra/local/turnableClock.ts';
import { writeWhole } from '#infra/local/wholeFile.ts';
import { app as rpc } from '#infra/operations.ts';
import { openDeliveries } from '#lib/deliveries.ts';
import { openDeps } from '#lib/deps.ts';
import { answerOf } from '#lib/pipeline/service.ts';
import { type Ports, randomIds, systemPorts } from '#lib/ports.ts';

const TABLE = 'tributary';

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
  /** Resolves when the embedded DynamoDB has ended, without which nothing can be answered. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Starts everything the emulator is; nothing stays behind when that fails. Throws `StartError`. */
export async function startEmulator({ port, data, env, log }: EmulatorOptions): Promise<Emulator> {
  const opened: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const folder = await openDataFolder(data);
    opened.push(folder.close);
    const engine = await startEngine(folder.databaseFile, env);
    opened.push(engine.stop);
    const client = localClient(engine.endpoint);
    opened.push(async () => client.destroy());
    await openTable(client, engine);
    const estate = await openEstate(client, engine.endpoint, folder.path, log);
    opened.push(estate.stop);
    const { baseUrl, close } = await listen(port, estate.served);
    opened.push(close);
    const envFile = join(folder.path, 'demo.env');
    writeWhole(envFile, estate.environment(baseUrl));
    return { baseUrl, envFile, ended: engine.ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function openTable(client: DynamoDBDocumentClient, { endpoint }: Engine): Promise<void> {
  try {
    await ensureTable(client, TABLE);
  } catch (error) {
    throw new StartError(`The DynamoDB at ${endpoint} has no table for us: ${reasonOf(error)}.`);
  }
}

interface Estate {
  readonly served: Served;
  environment(baseUrl: string): string;
  stop(): Promise<void>;
}

async function openEstate(
  client: DynamoDBDocumentClient,
  endpoint: string,
  folder: string,
  log: Ports['log'],
): Promise<Estate> {
  const clock = turnableClock(systemPorts.wallNow, join(folder, 'clock'));
  const ports = { ...systemPorts, now: clock.now, log };
  const masterKey = masterKeyIn(folder);
  const deliveries = openDeliveries();
  const open = () =>
    openDeps({ client, tableName: TABLE, masterKey, ports: { ...ports, ids: randomIds() }, deliveries });
  let deps = open();
  const background = openBackground({ clock, deps: () => deps, endpoint, tableName: TABLE, folder });
  const gate = openGate();
  const begin = async () => {
    clock.turnTo(0);
    await recreateTable(client, TABLE);
    deps = open();
    await loadDemoEstate(deps);
  };
  const reset = () => gate.alone(() => background.pausing(begin));
  // A first start that was cut short is begun again.
  if (!(await isLoaded(deps))) await reset();
  else await loadDemoEstate(deps);
  await background.start();
  const run = (job: string) => gate.pass(() => background.run(job));
  const events = () => gate.pass(background.events);
  const served: Served = {
    controls: new Hono().route(
      OWN_PATH,
      controls({ clock, wallNow: ports.wallNow, log, reset, jobs: scheduledJobNames, run, events }),
    ),
    answer: (received) => gate.pass(() => answerOf(rpc, received, deps)),
    deliveries,
  };
  return { served, environment: (baseUrl) => demoEnvironment(baseUrl, deps.keyring), stop: background.stop };
}
