import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { writeWhole } from '#infra/local/dataFolder.ts';
import type { Kept } from '#infra/local/snapshots.ts';
import { reasonOf, StartError } from '#infra/local/startError.ts';
import type { Deps } from '#lib/deps.ts';

/** The seed of a folder that is not told of any. */
const OWN_SEED = 'tributary.config.yaml';

/** A file that says what an estate begins with. */
export interface SeedFile {
  readonly path: string;
  /** As it is now: whoever has changed it has it loaded by a reset. Throws `StartError`. */
  read(): SeedText;
}

/** A seed, and how its faults name it. */
export interface SeedText {
  readonly name: string;
  readonly text: string;
}

/** The file that is given, that `TRIBUTARY_SEED` names, or that is in the folder by its own name; undefined if there is none. */
export function findSeedFile(given: string | undefined, env: NodeJS.ProcessEnv, folder = '.'): SeedFile | undefined {
  const named = given || env['TRIBUTARY_SEED'];
  const path = named || join(folder, OWN_SEED);
  if (!named && !existsSync(path)) return undefined;
  return { path, read: () => ({ name: basename(path), text: textIn(path) }) };
}

function textIn(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new StartError(
      `The seed ${path} cannot be read: ${reasonOf(error)}; name another by --seed or TRIBUTARY_SEED.`,
    );
  }
}

/** An estate that is loaded into, and the folder that keeps what was. */
interface Seeded extends Kept {
  readonly deps: Deps;
}

/** Loads a seed unless it was loaded as it is: what was done to its accounts since is not undone by a start. */
export async function seedOnce(client: DynamoDBDocumentClient, estate: Seeded, seed: SeedText): Promise<void> {
  const file = join(estate.folder, 'seed');
  const digest = createHash('sha256').update(seed.text).digest('hex');
  if (existsSync(file) && readFileSync(file, 'utf8') === digest) return;
  await seeded(client, estate, seed);
  writeWhole(file, digest);
}

/** Loads a seed into an estate that is at rest, all of it or nothing. Throws `SeedError`. The reader of YAML is loaded for a seed alone. */
export async function seeded(
  client: DynamoDBDocumentClient,
  estate: Pick<Seeded, 'deps' | 'name'>,
  seed: SeedText,
): Promise<void> {
  const { seedInto } = await import('#infra/local/seed/seedInto.ts');
  await seedInto(client, estate, seed);
}
