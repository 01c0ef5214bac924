import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Cors } from '#infra/local/cors.ts';
import { localClient, localStreams } from '#infra/local/database.ts';
import { type DataFolder, masterKeyIn, openDataFolder, writeWhole } from '#infra/local/dataFolder.ts';
import { demoEnvironment } from '#infra/local/demoEstate.ts';
import { type Engine, startEngine } from '#infra/local/engine.ts';
import { checkEnvironment } from '#infra/local/environment.ts';
import { type Estates, type EstatesSetting, openEstates } from '#infra/local/estates.ts';
import { asFileFault, fileFault } from '#infra/local/fileFault.ts';
import { HOST } from '#infra/local/receivedIn.ts';
import { findSeedFile, type SeedFile } from '#infra/local/seed/seedFile.ts';
import { serve } from '#infra/local/serve.ts';
import { listen } from '#infra/local/server.ts';
import { reasonOf, StartError } from '#infra/local/startError.ts';
import { providerOf } from '#lib/jobs/provider.ts';
import { type Ports, systemPorts } from '#lib/ports.ts';

export interface EmulatorOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** An address of this machine; only this machine can reach it, unless given. */
  readonly host?: string | undefined;
  /** Pages of which origins may read answers; of none, unless given. */
  readonly cors?: Cors | undefined;
  /** A folder kept between runs, or `:memory:`. */
  readonly data: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Ports['log'];
  /** A file with a seed. Else it is the one that the environment names, or `tributary.config.yaml`, if there is one. */
  readonly seed?: string | undefined;
  /** Told what was probably meant by a request, each thing once. */
  readonly hint?: ((sentence: string) => void) | undefined;
}

export interface Emulator {
  readonly baseUrl: string;
  /** The file with the demo estate's credentials. */
  readonly envFile: string;
  /** What `/_emulator` asks for, where other machines can reach it. */
  readonly token: string | undefined;
  /** The file with the seed that was loaded, if there is one. */
  readonly seedFile: string | undefined;
  /** Resolves when the embedded DynamoDB has ended, without which nothing can be answered. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Starts everything the emulator is; nothing stays behind when that fails. Throws `StartError`. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  // The SDK's notice about coming Node versions is for whoever maintains Tributary, not for whoever starts it.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const { port, host = HOST, cors = [], data, seed: given, env, log, hint } = options;
  checkEnvironment(env);
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
    const streams = localStreams(engine.endpoint);
    opened.push(async () => streams.destroy());
    const address = { baseUrl: '' };
    const mailing = { baseUrl: () => address.baseUrl, relay: await relayIn(env) };
    const provider = providerOf(env['TRIBUTARY_PROVISIONED_ITEMS']);
    const seed = findSeedFile(given, env);
    const setting = { client, streams, mailing, provider, ports: { ...systemPorts, log }, seed };
    const estates = await openEstatesIn(folder, engine, setting);
    opened.push(estates.stop);
    const token = isLoopback(host) ? undefined : tokenIn(env);
    const envFile = join(folder.path, 'demo.env');
    const tell = async () => writeWhole(envFile, await environmentOf(address.baseUrl, estates, seed, token));
    const { baseUrl, close } = await listen(port, serve(estates, { log, token, tell, hint }), { host, cors });
    opened.push(close);
    address.baseUrl = baseUrl;
    await estates.start();
    await tell();
    return { baseUrl, envFile, token, seedFile: seed?.path, ended: engine.ended, stop };
  } catch (error) {
    await stop();
    throw asFileFault(error);
  }
}

function isLoopback(host: string): boolean {
  return [HOST, 'localhost', '::1'].includes(host);
}

/** The token that the environment sets, or a new one. Throws `StartError` if it is so short that it can be guessed. */
function tokenIn({ TRIBUTARY_TOKEN }: NodeJS.ProcessEnv): string {
  const token = TRIBUTARY_TOKEN || randomBytes(24).toString('hex');
  if (/^[\x21-\x7e]{16,}$/.test(token)) return token;
  throw new StartError('TRIBUTARY_TOKEN must have at least 16 characters, and no blanks.');
}

/** What demo.env says: the demo accounts, those that the seed names for it, and the token, if there is one. */
async function environmentOf(
  baseUrl: string,
  { current }: Estates,
  seed: SeedFile | undefined,
  token: string | undefined,
): Promise<string> {
  const { keyring } = current().deps;
  const demo = demoEnvironment(baseUrl, keyring);
  const tokenLine = token === undefined ? '' : `TRIBUTARY_TOKEN=${token}\n`;
  if (seed === undefined) return demo + tokenLine;
  const { seedEnvironment } = await import('#infra/local/seed/environment.ts');
  return demo + tokenLine + seedEnvironment(seed.read(), keyring);
}

/** An SMTP server that mails are handed to beside being kept, if the environment names one. */
async function relayIn(env: NodeJS.ProcessEnv): Promise<EstatesSetting['mailing']['relay']> {
  const { TRIBUTARY_MAIL_FROM, TRIBUTARY_SMTP_URL } = env;
  if (!TRIBUTARY_SMTP_URL) return undefined;
  const { smtpMailer } = await import('#lib/adapters/smtp.ts');
  return smtpMailer(TRIBUTARY_SMTP_URL, TRIBUTARY_MAIL_FROM || 'tributary@localhost');
}

async function openEstatesIn(
  { path, databaseFile }: DataFolder,
  { endpoint, file }: Engine,
  others: Pick<EstatesSetting, 'client' | 'streams' | 'mailing' | 'provider' | 'ports' | 'seed'>,
): Promise<Estates> {
  const ours = { isEmbedded: file !== undefined, isKept: databaseFile !== undefined, masterKey: masterKeyIn(path) };
  const setting = { ...others, ...ours, data: path };
  try {
    return await openEstates(setting);
  } catch (error) {
    const named = asFileFault(error);
    if (named instanceof StartError) throw named;
    const ofFile = file === undefined ? undefined : fileFault(file, error);
    throw ofFile ?? new StartError(`The DynamoDB at ${endpoint} has no table for us: ${reasonOf(error)}.`);
  }
}
