import type { Path } from '#infra/local/seed/document.ts';
import type { Plan } from '#infra/local/seed/parties.ts';
import type { PlannedDirectory } from '#infra/local/seed/plan.ts';
import type { ReadSeed } from '#infra/local/seed/read.ts';
import { commitAll, refusing, type SeedWrite } from '#infra/local/seed/writing.ts';
import { callAs } from '#infra/local/unrecorded.ts';
import type { Deps } from '#lib/deps.ts';
import { type Baseline, type BaselineItem, newBaseline, refuseUnknown } from '#lib/domain/governance/baseline.ts';
import { findItemKind } from '#lib/domain/governance/catalogue.ts';
import { pageOfBaselines } from '#lib/store/governance/baselineLists.ts';
import { createBaseline, getBaseline, updateBaseline } from '#lib/store/governance/baselines.ts';
import { getFactory, putFactory } from '#lib/store/governance/factories.ts';

type SaidBaseline = PlannedDirectory['said']['baselines'][number];

const MOST_BASELINES = 1000;

/** Makes the baselines that the directories of a seed lack, by their names, and puts the status of account factories that have none. */
export async function loadBaselines(deps: Deps, read: ReadSeed, { directories }: Plan): Promise<void> {
  for (const { managementUid, path, said } of directories) {
    await loadFactory(deps, read, managementUid, said.accountFactory, path);
    if (said.baselines.length === 0) continue;
    const { baselines } = await pageOfBaselines(deps.table, managementUid, MOST_BASELINES, undefined);
    const taken = new Set(baselines.filter(({ type }) => type === 'custom').map(({ name }) => name));
    for (const [index, baseline] of said.baselines.entries()) {
      const own = [...path, 'baselines', index];
      if (baseline.system) await putSystemBaseline(deps, read, managementUid, baseline, own);
      // Lists are in the order in which baselines were made.
      else if (!taken.has(baseline.name)) {
        await makeBaseline(deps, read, managementUid, baseline, own, said.baselines.length - index);
      }
    }
  }
}

async function makeBaseline(
  deps: Deps,
  read: ReadSeed,
  managementUid: number,
  said: SaidBaseline,
  path: Path,
  agoMs: number,
): Promise<void> {
  const call = callAs(managementUid, 'loadSeed', deps);
  const directory = await deps.directories.get(managementUid);
  const { id, ...content } = contentOf(read, said, path);
  const drawn = newBaseline(directory.id, content, deps.ports.ids.alphanumeric(9), call.nowMs - agoMs);
  const baseline: Baseline = { ...drawn, ...(id !== undefined && { id }) };
  await commitAll(deps.table, read, [{ path, write: createBaseline(directory, baseline, call) }]);
}

/** A system baseline that was updated stays as it is. */
async function putSystemBaseline(
  deps: Deps,
  read: ReadSeed,
  managementUid: number,
  said: SaidBaseline,
  path: Path,
): Promise<void> {
  const found = await getBaseline(deps.table, managementUid, undefined);
  if (found.baseline.version > 0) return;
  const { id: _, ...content } = contentOf(read, said, path);
  const write = updateBaseline(found, content, callAs(managementUid, 'loadSeed', deps));
  await commitAll(deps.table, read, [{ path, write }]);
}

async function loadFactory(
  deps: Deps,
  read: ReadSeed,
  managementUid: number,
  status: PlannedDirectory['said']['accountFactory'],
  path: Path,
): Promise<void> {
  const factory = await getFactory(deps.table, managementUid);
  // One that an operator has put stays; one that is ready may not have been put at all.
  if (status === undefined || status === factory.status || factory.status !== 'ready') return;
  const write: SeedWrite['write'] = putFactory(factory, status, callAs(0, 'loadSeed', deps));
  await commitAll(deps.table, read, [{ path: [...path, 'accountFactory'], write }]);
}

function contentOf(read: ReadSeed, { description, id, items, name }: SaidBaseline, path: Path) {
  const wanted = items.map(({ config, name, version }): BaselineItem => ({ name, version, ...(config && { config }) }));
  const faults = wanted.flatMap(({ config, name, version }, index) =>
    config === undefined || findItemKind(name, version)?.accepts(config) === true
      ? []
      : [read.faultAt([...path, 'items', index, 'config'], `is nothing that ${name} takes.`)],
  );
  if (faults.length > 0) throw read.refused(faults);
  refusing(read, path, () => refuseUnknown(wanted));
  return { id, name, description, items: wanted };
}
