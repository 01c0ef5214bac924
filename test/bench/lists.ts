import { begin } from '#lib/domain/relation/begin.ts';
import { tallyKey } from '#lib/store/keys.ts';
import { rowOf } from '#lib/store/relations/rows.ts';
import type { Action } from '#lib/table/table.ts';
import { type Bench, median, timed } from '#test/bench/bench.ts';
import { benchEstate } from '#test/bench/estate.ts';
import type { Estate, Signer } from '#test/support/estate.ts';

const BAR = 1.5;
const ROUNDS = 60;
const BATCH = 90;

export const bench: Bench = {
  measures: `page 1 of a parent with 10,000 members against one with 10, at most ${BAR} times as long`,
  async run(print) {
    const estate = await benchEstate();
    const many = await parentOf(10_000, estate);
    const few = await parentOf(10, estate);
    const times = { many: [] as number[], few: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      times.few.push(await timed(() => firstPage(few, 10, estate)));
      times.many.push(await timed(() => firstPage(many, 10_000, estate)));
    }
    await estate.stop();
    const ratio = median(times.many) / median(times.few);
    print(
      `10 members ${median(times.few).toFixed(2)} ms, 10,000 members ${median(times.many).toFixed(2)} ms, ratio ${ratio.toFixed(2)}`,
    );
    return ratio <= BAR;
  },
};

async function firstPage(parent: Signer, members: number, estate: Estate): Promise<void> {
  const { body } = await estate.call(parent, 'QueryRelationList', { UserId: parent.uid, PageSize: 10 });
  if (body.Data.TotalCount !== members || body.Data.FinancialRelationInfoList.length !== 10) {
    throw new Error(`the page is wrong: ${JSON.stringify(body)}`);
  }
}

/** Writes the rows of a parent's members as opening them one by one would leave them. */
async function parentOf(members: number, { account, deps, nowMs }: Estate): Promise<Signer> {
  const parent = await account('Bench Ltd.');
  const party = (uid: number) => ({ uid, name: `login${uid}`, legalName: 'Bench Ltd.', createdAtMs: nowMs() });
  const rows = Array.from({ length: members }, (_, index): Action => {
    const terms = { policy: 'management', permissions: ['view-bills'], nick: `member ${index}` } as const;
    const id = deps.ports.ids.next(nowMs());
    const proposal = { id, parent: party(parent.uid), child: party(1_000_000_000 + index), ...terms };
    return { Put: { Item: rowOf(begin(proposal, nowMs()).relation) } };
  });
  for (let first = 0; first < rows.length; first += BATCH) await deps.table.transact(rows.slice(first, first + BATCH));
  await deps.table.transact([{ Put: { Item: { ...tallyKey(parent.uid), active: members } } }]);
  return parent;
}
