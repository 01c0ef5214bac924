import http from 'node:http';
import https from 'node:https';
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
  const url = addressIn(region, env);
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
  const { status, text } = await posted(url, headers, String(body));
  if (status !== 200) {
    const { __type = '' } = objectIn(text);
    throw new SsmError(Name, status, String(__type).replace(/^.*#/, ''));
  }
  return String(Object(objectIn(text)['Parameter']).Value ?? '');
}

/** The address of SSM in a region, unless the environment names another. China is a partition of AWS with its own domain. */
export function addressIn(region: string, env: NodeJS.ProcessEnv): URL {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return new URL(env['AWS_ENDPOINT_URL_SSM'] || `https://ssm.${region}.${domain}`);
}

/** No answer came, or half of one. */
class Unanswered extends Error {}

/** A request over Node's own client: `fetch` would cost a fresh function some 30 ms, and nothing else of it does. */
function posted(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<{ status: number; text: string }> {
  const { request } = url.protocol === 'http:' ? http : https;
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(new Unanswered(`SSM did not answer: ${cause}`, { cause }));
    const sent = request(url, { method: 'POST', headers, signal: AbortSignal.timeout(ANSWER_MS) }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text })).on('error', fail);
    });
    sent.on('error', fail).end(body);
  });
}

/** The members of a JSON object; none of whatever else it may be. */
function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Whether trying again may help. Cut connections and missing answers pass. */
function mayPass(error: unknown): boolean {
  return error instanceof Unanswered || (error instanceof SsmError && error.isPassing);
}
