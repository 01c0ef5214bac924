import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { demoAccounts } from '#infra/local/demoEstate.ts';
import { loadSeed } from '#infra/local/seed/load.ts';
import { readSeed } from '#infra/local/seed/read.ts';
import type { SeedText } from '#infra/local/seed/seedFile.ts';
import { putBack, readRows } from '#infra/local/tableRows.ts';
import type { Deps } from '#lib/deps.ts';

/** Loads a seed into a table that is used by nobody else meanwhile: all of it or nothing. Throws `SeedError`. */
export async function seedInto(
  client: DynamoDBDocumentClient,
  { deps, name }: { readonly deps: Deps; readonly name: string },
  seed: SeedText,
): Promise<void> {
  const read = readSeed(seed.name, seed.text);
  const before = await readRows(client, name);
  try {
    await loadSeed(deps, read, demoAccounts);
  } catch (error) {
    await putBack(client, name, before);
    throw error;
  }
}
