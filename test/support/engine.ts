import { startEngine } from '#infra/local/engine.ts';

let endpoint: Promise<string> | undefined;

/**
 * The embedded DynamoDB of this test file, in memory; each estate makes a table of its own in it. The engine is the slower the more it
 * holds, so no file shares another's. It ends with the process that runs the file.
 */
export function testEndpoint(): Promise<string> {
  endpoint ??= startEngine(undefined, process.env).then((engine) => engine.endpoint);
  return endpoint;
}
