import { relationStatuses } from '#lib/domain/relation/relation.ts';
import { type Bench, type Finding, median } from '#test/bench/bench.ts';
import { benchEstate } from '#test/bench/estate.ts';
import type { Estate, Params, Signer } from '#test/support/estate.ts';
import { type Standing, writeMembers } from '#test/support/members.ts';

const BAR = 1.5;
const DEEP_BAR = 3;
const MANY = 50_000;
const ROUNDS = 40;
const PAGE_SIZE = 10;
const DEEP_SIZE = 20;

const statusNames = ['RELATED', 'CONFIRMING', 'CHANGE_CONFIRMING', 'REJECTED', 'CONNECTION_CANCELED'];
const filters: Readonly<Record<string, readonly string[]>> = {
  'those in effect': [],
  ...Object.fromEntries(statusNames.map((name) => [name, [name]])),
  'CONFIRMING and REJECTED': ['CONFIRMING', 'REJECTED'],
  all: [...statusNames, 'CONNECTION_MASTER_CANCEL'],
};

export const bench: Bench = {
  measures: 'lists of a parent with many members in effect against one with 10, and a deep page against the first',
  async run() {
    const estate = await benchEstate();
    const many = await parentOf(estate, MANY);
    const few = await parentOf(estate, 10);
    const findings: Finding[] = [];
    for (const [name, StatusList] of Object.entries(filters)) {
      const [small, large] = await sideBySide([
        () => page(estate, few, { StatusList }),
        () => page(estate, many, { StatusList }),
      ]);
      findings.push({
        what: `page 1 of ${name}, of ${MANY}`,
        value: large.ms / small.ms,
        bar: { atMost: BAR },
        made: `${large.ms.toFixed(1)} ms, of 10 ${small.ms.toFixed(1)} ms`,
      });
    }
    for (const name of ['those in effect', 'all']) {
      const StatusList = filters[name] ?? [];
      const [first, deep] = await sideBySide([
        () => page(estate, many, { StatusList, PageSize: DEEP_SIZE }),
        () => page(estate, many, { StatusList, PageNum: 500, PageSize: DEEP_SIZE }),
      ]);
      findings.push({
        what: `CPU of page 500 of ${name}`,
        value: deep.cpuMs / first.cpuMs,
        bar: { atMost: DEEP_BAR },
        made: `${deep.cpuMs.toFixed(1)} ms, page 1 ${first.cpuMs.toFixed(1)} ms; ${deep.ms.toFixed(0)} ms in all`,
      });
    }
    await estate.stop();
    return findings;
  },
};

/** Both works in turns, and what each takes: in ms by the clock, the middle one; and of this process's processor, on average. */
async function sideBySide(works: readonly [() => Promise<void>, () => Promise<void>]) {
  const times = works.map(() => ({ ms: [] as number[], cpuMs: 0 }));
  for (let round = -5; round < ROUNDS; round++) {
    for (const [index, work] of works.entries()) {
      const [startedMs, before] = [performance.now(), process.cpuUsage()];
      await work();
      const { system, user } = process.cpuUsage(before);
      // The first rounds only warm both up.
      if (round < 0) continue;
      times[index]?.ms.push(performance.now() - startedMs);
      if (times[index]) times[index].cpuMs += (system + user) / 1000 / ROUNDS;
    }
  }
  const [one, other] = times.map(({ cpuMs, ms }) => ({ cpuMs, ms: median(ms) }));
  if (one === undefined || other === undefined) throw new Error('there are two to compare');
  return [one, other] as const;
}

async function page(estate: Estate, parent: Signer, params: Params): Promise<void> {
  const { status, body } = await estate.call(parent, 'QueryRelationList', {
    UserId: parent.uid,
    PageSize: PAGE_SIZE,
    ...params,
  });
  if (status !== 200) throw new Error(`the page was refused: ${JSON.stringify(body)}`);
}

/** A parent of so many members in effect, and of ten more in each other status, or one if there are few. */
async function parentOf(estate: Estate, members: number): Promise<Signer> {
  const parent = await estate.account('Bench Ltd.');
  const rare = relationStatuses.flatMap((status) => Array(members < 1000 ? 1 : 10).fill({ status }));
  const step = Math.ceil(members / rare.length);
  const standings = Array.from({ length: members }, (_, nth): Standing[] => [
    ...(nth % step === 0 ? [rare[nth / step]] : []),
    { status: 'active' },
  ]);
  await writeMembers(estate, parent, 1_000_000_000, standings.flat());
  return parent;
}
