import { fromEnv } from '@aws-sdk/credential-provider-env';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { systemPorts } from '#lib/ports.ts';
import { ANSWER_MS } from '#lib/timeouts.ts';

/** How long reading is tried, ms. Functions that start together ask together, and SSM limits requests per second. */
const BUDGET_MS = 2500;
const FIRST_PAUSE_MS = 100;

/** A request that SSM refused, and whether trying again may help. */
class SsmError extends Error {
  readonly isPassing: boolean;

  constructor(parameterName: string, status: number, type: string) {
    super(`SSM answered ${status} ${type} for the parameter ${parameterName}`);
    this.name = 'SsmError';
    this.isPassing = status >= 500 || status === 429 || type.includes('Throttl');
  }
}

/** Reads a SecureString parameter of SSM, in the environment's region, whole. Tries again while that may help. */
export async function parameterNamed(name: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { pause, wallNow } = systemPorts;
  const startedMs = wallNow();
  for (let attempt = 0; ; attempt++) {
    try {
      return await valueIn(name, env);
    } catch (error) {
      const upToMs = FIRST_PAUSE_MS * 2 ** attempt;
      const isLate = wallNow() - startedMs + upToMs > BUDGET_MS;
      if (isLate || !mayPass(error)) throw error;
      await pause(upToMs);
    }
  }
}

/** One request, signed here: the SSM client would make every function's bundle a quarter larger. */
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

/** Whether trying again may help. Cut connections and missing answers pass. */
function mayPass(error: unknown): boolean {
  if (error instanceof SsmError) return error.isPassing;
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
}
