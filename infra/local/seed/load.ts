import { loadAccounts, loadKeys, loadStandings, readPresent } from '#infra/local/seed/loadAccounts.ts';
import { loadBaselines } from '#infra/local/seed/loadBaselines.ts';
import { loadDirectories } from '#infra/local/seed/loadDirectories.ts';
import { loadPending } from '#infra/local/seed/loadPending.ts';
import { loadRelations } from '#infra/local/seed/loadRelations.ts';
import { type KnownAccount, planOf } from '#infra/local/seed/parties.ts';
import type { ReadSeed } from '#infra/local/seed/read.ts';
import type { Deps } from '#lib/deps.ts';

/**
 * Writes what a table lacks of a seed, by the verbs of the operations; what is there stays as it is. Without events: nobody has called for
 * it. Throws `SeedError`: then part of it may be written, unless the seed itself was at fault, and whoever asked takes that back.
 */
export async function loadSeed(deps: Deps, read: ReadSeed, known: readonly KnownAccount[]): Promise<void> {
  const plan = planOf(read, known);
  const present = await readPresent(deps, read, plan);
  // Each part builds on those before it.
  for (const part of [
    loadAccounts,
    loadDirectories,
    loadBaselines,
    loadKeys,
    loadRelations,
    loadPending,
    loadStandings,
  ]) {
    await part(deps, read, plan, present);
  }
}
