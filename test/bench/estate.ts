import { type Engine, startEngine } from '#infra/local/engine.ts';
import { type Estate, newEstate } from '#test/support/estate.ts';

/** An estate over an embedded DynamoDB of its own, in memory. */
export async function benchEstate(): Promise<Estate & Pick<Engine, 'endpoint' | 'stop'>> {
  const engine = await startEngine(undefined, process.env);
  const estate = await newEstate({ log: () => undefined }, engine.endpoint);
  return { ...estate, endpoint: engine.endpoint, stop: engine.stop };
}
