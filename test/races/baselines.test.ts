import { expect, it } from 'vitest';
import { app as deleteBaseline } from '#functions/governance/DeleteAccountFactoryBaseline.ts';
import { app as updateBaseline } from '#functions/governance/UpdateAccountFactoryBaseline.ts';
import { comeUnder, leaveFrom } from '#lib/store/governance/usage.ts';
import { newDirectoryEstate } from '#test/directory/calls.ts';
import { baselined, baselineOf, services } from '#test/governance/calls.ts';
import { race, racer, writer } from '#test/races/rounds.ts';
import { times } from '#test/support/breadth.ts';

const uids = [1_000_000_000_000_001, 1_000_000_000_000_002] as const;

it('a baseline is deleted while accounts come under it: either it is gone, or they are under it', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const outcomes = new Set<string>();
  for (let round = 0; round < times(60, 24); round++) {
    const BaselineId = await baselined(estate);
    const [deleted, ...came] = await race(round, [
      racer(estate, deleteBaseline, parent, { BaselineId }),
      ...uids.map((uid) => writer(estate, comeUnder(BaselineId, [uid]))),
    ]);
    if (deleted === 'done') expect(came, `round ${round}`).toEqual(['BaselineUnknown', 'BaselineUnknown']);
    else expect({ deleted, came }).toMatchObject({ deleted: 'BaselineInUse', came: expect.arrayContaining(['done']) });
    outcomes.add(String(deleted));
  }
  expect([...outcomes].toSorted()).toEqual(['BaselineInUse', 'done']);
});

it('accounts that come under a baseline and leave it at the same time are counted, each once', async () => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const BaselineId = await baselined(estate);
  const deletion = racer(estate, deleteBaseline, parent, { BaselineId });
  const [one, other] = uids;
  await writer(estate, comeUnder(BaselineId, [one]))();
  for (let round = 0; round < times(100, 24); round++) {
    const [from, to] = round % 2 === 0 ? [one, other] : [other, one];
    const moves = [writer(estate, comeUnder(BaselineId, [to])), writer(estate, leaveFrom(BaselineId, [from]))];
    expect(await race(round, moves)).toEqual(['done', 'done']);
    expect(await deletion(), `round ${round}`).toBe('BaselineInUse');
  }
  await writer(estate, leaveFrom(BaselineId, [one]))();
  expect(await deletion()).toBe('done');
});

it.each(['custom', 'system'])('of changes of a %s baseline at the same time none is lost', async (type) => {
  const estate = await newDirectoryEstate();
  const { parent } = estate;
  const BaselineId = type === 'custom' ? await baselined(estate) : (await baselineOf(estate)).BaselineId;
  for (let round = 0; round < times(40, 24); round++) {
    const items = [{ Name: services, Config: `{"Round":${round}}` }];
    const texts = { BaselineName: `Name ${round}`, Description: `Description ${round}` };
    const changes = [
      { BaselineName: texts.BaselineName },
      { Description: texts.Description },
      { BaselineItems: JSON.stringify(items) },
    ];
    const sent = changes.map((change) => racer(estate, updateBaseline, parent, { BaselineId, ...change }));
    expect(await race(round, sent)).toEqual(['done', 'done', 'done']);
    const after = await baselineOf(estate, BaselineId);
    expect(after, `round ${round}`).toMatchObject({ ...texts, BaselineItems: items });
  }
});
