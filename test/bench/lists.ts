import { relationStatuses } from '#lib/domain/relation/relation.ts';
import { type Bench, type Finding, median } from '#test/bench/bench.ts';
import { benchEstate } from '#test/bench/estate.ts';
import type { Estate, Params, Signer } from '#test/support/estate.ts';
import { type Standing, writeMembers } from '#test/support/members.ts';

const BAR = 1.5;
const DEEP_BAR = 3;
/** Fewer are made sooner: `BENCH_MEMBERS=10000 npm run bench lists`. */
const MOST = Number(process.env['BENCH_MEMBERS'] ?? 100_000);
const SIZES = [10, 100, 1000, 10_000, 100_000].filter((members) => members <= MOST);
const ROUNDS = 25;
const WARM_UP = 5;
const PAGE_SIZE = 10;
const DEEP_SIZE = 20;
const DEEP_PAGE = 500;

const statusNames = ['RELATED', 'CONFIRMING', 'CHANGE_CONFIRMING', 'REJECTED', 'CONNECTION_CANCELED'];
const filters: Readonly<Record<string, readonly string[]>> = {
  'those in effect': [],
  ...Object.fromEntries(statusNames.map((name) => [name, [name]])),
  'CONFIRMING and REJECTED': ['CONFIRMING', 'REJECTED'],
  all: [...statusNames, 'CONNECTION_MASTER_CANCEL'],
};

/** A parent of so many. */
interface Large {
  readonly members: number;
  readonly parent: Signer;
}

export const bench: Bench = {
  measures: 'lists of parents with few members and with many',
  about: [
    'So many members in effect, and ten in each other status, so that every first page is full. Page 1 is of 10, by the clock. A list of at',
    `most 32 rows is read whole, a longer one is counted (decisions.md D17). Deep is page ${DEEP_PAGE} of 20, or the last if there are fewer, by the`,
    'CPU of page 1 of 20.',
  ],
  async run() {
    const estate = await benchEstate();
    const parents: Large[] = [];
    for (const members of SIZES) parents.push({ members, parent: await parentOf(estate, members) });
    const findings: Finding[] = [];
    for (const [name, StatusList] of Object.entries(filters))
      findings.push(...(await firsts(estate, parents, name, StatusList)));
    for (const name of ['those in effect', 'all']) findings.push(...(await deeps(estate, parents, name)));
    await estate.stop();
    return findings;
  },
};

/** What the first page takes, of each size, and of the largest by the smallest. */
async function firsts(
  estate: Estate,
  parents: readonly Large[],
  name: string,
  StatusList: readonly string[],
): Promise<Finding[]> {
  const what = `page 1 of ${name}`;
  const taken = await sideBySide(
    parents.map(
      ({ parent }) =>
        () =>
          page(estate, parent, { StatusList }),
    ),
  );
  const [few, many] = [taken[0]?.ms, taken.at(-1)?.ms];
  if (few === undefined || many === undefined) throw new Error('there is no parent');
  return [
    ...taken.map(({ ms }, nth) => ({ what, of: `${parents[nth]?.members}`, value: ms, unit: 'ms' })),
    { what, of: `${parents.at(-1)?.members} by ${parents[0]?.members}`, value: many / few, bar: { atMost: BAR } },
  ];
}

/** What a deep page takes by what the first does, of each size. */
async function deeps(estate: Estate, parents: readonly Large[], name: string): Promise<Finding[]> {
  const asked = { StatusList: filters[name] ?? [], PageSize: DEEP_SIZE };
  const findings: Finding[] = [];
  for (const { members, parent } of parents) {
    const PageNum = Math.min(DEEP_PAGE, Math.ceil(members / DEEP_SIZE));
    const [first, deep] = await sideBySide([
      () => page(estate, parent, asked),
      () => page(estate, parent, { ...asked, PageNum }),
    ]);
    if (first === undefined || deep === undefined) throw new Error('two were measured');
    findings.push({
      what: `deep page of ${name}, CPU by page 1`,
      of: `${members}`,
      value: deep.cpuMs / first.cpuMs,
      ...(members === MOST && {
        bar: { atMost: DEEP_BAR },
        made: `${deep.cpuMs.toFixed(1)} by ${first.cpuMs.toFixed(1)} ms`,
      }),
    });
  }
  return findings;
}

/** The works in turns, and what each takes: in ms by the clock, the middle one; and of this process's processor, on average. */
async function sideBySide(works: readonly (() => Promise<void>)[]): Promise<{ ms: number; cpuMs: number }[]> {
  const times = works.map(() => ({ ms: [] as number[], cpuMs: 0 }));
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const [index, work] of works.entries()) {
      const [startedMs, before] = [performance.now(), process.cpuUsage()];
      await work();
      const { system, user } = process.cpuUsage(before);
      const time = times[index];
      // The first rounds only warm all up.
      if (round < 0 || time === undefined) continue;
      time.ms.push(performance.now() - startedMs);
      time.cpuMs += (system + user) / 1000 / ROUNDS;
    }
  }
  return times.map(({ cpuMs, ms }) => ({ cpuMs, ms: median(ms) }));
}

async function page(estate: Estate, parent: Signer, params: Params): Promise<void> {
  const { status, body } = await estate.call(parent, 'QueryRelationList', {
    UserId: parent.uid,
    PageSize: PAGE_SIZE,
    ...params,
  });
  if (status !== 200) throw new Error(`the page was refused: ${JSON.stringify(body)}`);
}

/** A parent of so many members in effect, and of ten in each other status, which were invited among them. */
async function parentOf(estate: Estate, members: number): Promise<Signer> {
  const parent = await estate.account('Bench Ltd.');
  const others = relationStatuses.filter((status) => status !== 'active');
  const rare = Array.from({ length: 10 }, () => others.map((status): Standing => ({ status }))).flat();
  const inEffect = Array(members).fill({ status: 'active' });
  const step = Math.max(1, Math.floor(members / rare.length));
  const standings = inEffect.flatMap((one, nth) => [...(nth % step === 0 ? rare.splice(0, 1) : []), one]);
  await writeMembers(estate, parent, 1_000_000_000, [...standings, ...rare]);
  return parent;
}
