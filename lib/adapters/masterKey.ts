import { fromEnv } from '@aws-sdk/credential-provider-env';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { systemPorts } from '#lib/ports.ts';
import { ANSWER_MS } from '#lib/timeouts.ts';

/** How long reading is tried, ms. SSM limits requests per second, and many functions may start at once. */
const BUDGET_MS = 2500;
const FIRST_PAUSE_MS = 100;

/** A request that SSM refused, and whether trying again may help. */
class SsmError extends Error {
  readonly isTransient: boolean;

  constructor(parameterName: string, status: number, type: string) {
    super(`SSM answered ${status} ${type} for the parameter ${parameterName}`);
    this.name = 'SsmError';
    this.isTransient = status >= 500 || status === 429 || type.includes('Throttl');
  }
}

/**
 * Reads the master key from 64 hex digits. Throws for any other text; `source` says in the error where it came from.
 */
function masterKeyOf(text: string, source: string): Buffer {
  if (!/^[\da-f]{64}$/i.test(text.trim())) throw new Error(`${source} does not hold a master key: 64 hex digits`);
  return Buffer.from(text.trim(), 'hex');
}

/**
 * The master key that an environment names: the parameter `MASTER_KEY_PARAMETER` or, outside AWS, `MASTER_KEY` itself.
 */
export async function masterKeyFrom(env: NodeJS.ProcessEnv): Promise<Buffer> {
  const given = env['MASTER_KEY'];
  return given ? masterKeyOf(given, 'MASTER_KEY') : readMasterKey(env['MASTER_KEY_PARAMETER'] ?? '', env);
}

/**
 * Reads the master key from a SecureString parameter of SSM, in the environment's region. Tries again while that may
 * help.
 */
async function readMasterKey(parameterName: string, env: NodeJS.ProcessEnv): Promise<Buffer> {
  const { pause, wallNow } = systemPorts;
  const startedMs = wallNow();
  for (let attempt = 0; ; attempt++) {
    try {
      return masterKeyOf(await valueIn(parameterName, env), `the parameter ${parameterName}`);
    } catch (error) {
      const upToMs = FIRST_PAUSE_MS * 2 ** attempt;
      const isLate = wallNow() - startedMs + upToMs > BUDGET_MS;
      if (isLate || !isWorthRetrying(error)) throw error;
      await pause(upToMs);
    }
  }
}

/** One request, signed here, because the SSM client would make every function's bundle a quarter larger. */
async function valueIn(Name: string, env: NodeJS.ProcessEnv): Promise<string> {
  const region = env['AWS_REGION'] ?? '';
  const url = new URL(env['AWS_ENDPOINT_URL_SSM'] || `https://ssm.${region}.${domainOf(region)}`);
  const { host, hostname, protocol } = url;
  const signer = new SignatureV4({ credentials: fromEnv(), region, service: 'ssm', sha256: Sha256 });
  const { headers, body } = await signer.sign({
    method: 'POST',
    protocol,
    hostname,
    path: '/',
    headers: { host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.GetParameter' },
    body: JSON.stringify({ Name, WithDecryption: true }),
  });
  const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_MS) });
  if (!response.ok) {
    const { __type = '' } = Object(await response.json().catch(() => undefined));
    throw new SsmError(Name, response.status, String(__type).replace(/^.*#/, ''));
  }
  const { Parameter } = Object(await response.json());
  return String(Object(Parameter).Value ?? '');
}

/** China is a partition of AWS with its own domain. */
function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

/** Whether trying again may help, as it may after a cut connection or a missing answer. */
function isWorthRetrying(error: unknown): boolean {
  if (error instanceof SsmError) return error.isTransient;
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
}
