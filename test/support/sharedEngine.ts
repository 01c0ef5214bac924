import type { TestProject } from 'vitest/node';
import { startEngine } from '#infra/local/engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    endpoint: string;
  }
}

/** One embedded DynamoDB for the whole run, in memory; each estate makes a table of its own in it. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const engine = await startEngine(undefined, process.env);
  provide('endpoint', engine.endpoint);
  return () => engine.stop();
}
