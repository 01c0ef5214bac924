import { type Engine, startEngine } from '#infra/local/engine.ts';
import { atFileEnd } from '#test/support/fileEnd.ts';

let engine: Promise<Engine> | undefined;

/** The embedded DynamoDB of this test file, in memory. Each estate makes a table of its own in it. */
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
