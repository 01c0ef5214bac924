import { type Engine, startEngine } from '#infra/local/engine.ts';
import { atFileEnd } from '#test/support/fileEnd.ts';

let engine: Promise<Engine> | undefined;

/**
 * The embedded DynamoDB of this test file, in memory; each estate makes a table of its own in it. The engine is the slower the more it
 * holds, so no file shares another's.
 */
export async function testEndpoint(): Promise<string> {
  engine ??= started();
  return (await engine).endpoint;
}

async function started(): Promise<Engine> {
  const own = await startEngine(undefined, process.env);
  atFileEnd(() => {
    engine = undefined;
    return own.stop();
  });
  return own;
}
