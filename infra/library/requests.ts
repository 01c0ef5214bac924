import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Callable } from '#infra/library/served.ts';
import type { TestAnswer } from '#infra/library/tributary.ts';
import { signAcs3 } from '#lib/auth/sign.ts';

/** An access key. */
export interface Keys {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** Not that of the tests, who may have replaced it. */
const agent = new Agent({ keepAlive: true });

/** Sends a call, signed by ACS3: parameters in the query, or for Volcengine's operations as a JSON body. */
export async function signedCall(
  baseUrl: string,
  { accessKeyId, accessKeySecret }: Keys,
  { action, version, vendor }: Callable,
  parameters: Readonly<Record<string, unknown>>,
): Promise<TestAnswer> {
  const isJson = vendor === 'volcengine';
  const query = new URLSearchParams(isJson ? { Action: action, Version: version } : [...flat(parameters)]);
  const body = Buffer.from(isJson ? JSON.stringify(parameters) : '');
  const url = `/?${query}`;
  const headers = signAcs3({
    method: 'POST',
    url,
    headers: { host: new URL(baseUrl).host, ...(isJson && { 'content-type': 'application/json' }) },
    body,
    keyId: accessKeyId,
    secret: accessKeySecret,
    action,
    version,
    nonce: randomBytes(16).toString('hex'),
    nowMs: Date.now(),
  });
  return sent(new URL(url, baseUrl), 'POST', headers, body);
}

/** A list as `Name.1`, `Name.2`, an object's fields as `Name.Field`, as Alibaba Cloud's clients send them. */
function* flat(value: unknown, name = ''): Generator<[name: string, value: string]> {
  if (value === undefined || value === null) return;
  if (typeof value !== 'object') return void (yield [name, String(value)]);
  const first = Array.isArray(value) ? 1 : undefined;
  for (const [key, inner] of Object.entries(value)) {
    const own = first === undefined ? key : String(Number(key) + first);
    yield* flat(inner, name === '' ? own : `${name}.${own}`);
  }
}

/** Asks one of the emulator's own paths: GET, or POST if there is a body. Throws what it says it cannot do. */
// biome-ignore lint/suspicious/noExplicitAny: each path answers JSON of its own shape.
export async function ask(baseUrl: string, path: string, body?: object): Promise<any> {
  const text = Buffer.from(body === undefined ? '' : JSON.stringify(body));
  const answer = await sent(new URL(path, baseUrl), body === undefined ? 'GET' : 'POST', {}, text);
  if (answer.status >= 400) throw new Error(answer.body.error);
  return answer.body;
}

function sent(url: URL, method: string, headers: Record<string, string>, body: Buffer): Promise<TestAnswer> {
  return new Promise((resolve, reject) => {
    request(url, { method, headers: { ...headers, 'content-length': body.length }, agent }, async (response) => {
      try {
        resolve({ status: response.statusCode ?? 0, body: await json(response) });
      } catch (error) {
        reject(error);
      }
    })
      .on('error', reject)
      .end(body);
  });
}
