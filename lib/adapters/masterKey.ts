import { parameterNamed } from '#lib/adapters/parameterStore.ts';

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
  if (given) return masterKeyOf(given, 'MASTER_KEY');
  const name = env['MASTER_KEY_PARAMETER'] ?? '';
  return masterKeyOf(await parameterNamed(name, env), `the parameter ${name}`);
}
