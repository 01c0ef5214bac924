import { fromEnv } from '@aws-sdk/credential-provider-env';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';

const MASTER_KEY_BYTES = 32;
const ANSWER_MS = 3000;

/** The master key of a text of 64 hex digits; `source` names where the text came from in the error thrown for any other. */
export function masterKeyOf(text: string, source: string): Buffer {
  const key = Buffer.from(text.trim(), 'hex');
  if (key.length !== MASTER_KEY_BYTES) throw new Error(`${source} does not hold a master key: 64 hex digits`);
  return key;
}

/**
 * Reads the master key from a SecureString parameter of SSM. One signed request by hand: the SSM client would add a quarter
 * to every function's bundle for it.
 */
export async function readMasterKey(parameterName: string, region: string): Promise<Buffer> {
  const hostname = `ssm.${region}.amazonaws.com`;
  const signer = new SignatureV4({ credentials: fromEnv(), region, service: 'ssm', sha256: Sha256 });
  const { headers, body } = await signer.sign({
    method: 'POST',
    protocol: 'https:',
    hostname,
    path: '/',
    headers: { host: hostname, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.GetParameter' },
    body: JSON.stringify({ Name: parameterName, WithDecryption: true }),
  });
  const response = await fetch(`https://${hostname}/`, {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!response.ok) throw new Error(`SSM answered ${response.status} for the parameter ${parameterName}`);
  return masterKeyOf(parameterValueOf(await response.json()), `the parameter ${parameterName}`);
}

function parameterValueOf(answer: unknown): string {
  const { Parameter } = Object(answer);
  return String(Object(Parameter).Value ?? '');
}
