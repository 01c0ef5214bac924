import { expect, it } from 'vitest';
import { newTrail, readAlong } from '#lib/table/along.ts';
import type { Table } from '#lib/table/table.ts';
import { newEstate } from '#test/support/estate.ts';

/** Reads along a trail of its own; `read` lists what was read behind the pointers, guessed or not. */
async function reading() {
  const table: Table = (await newEstate()).deps.table;
  const trail = newTrail<number>();
  const read: number[] = [];
  const follow = (from: string, to: number, second = async (target: number) => read.push(target)) =>
    readAlong(table, async () => to, second, { trail, from, target: (found) => found });
  return { follow, read };
}

it('a thousand pointers are remembered, and those that were asked for last', async () => {
  const { follow, read } = await reading();
  for (let nth = 0; nth < 1000; nth++) await follow(`${nth}`, 1);
  await follow('0', 1);
  await follow('1000', 1);
  read.length = 0;
  // The first was asked for again; the second is what the last one has taken the place of.
  for (const from of ['0', '1', '1000']) await follow(from, 2);
  expect(read).toEqual([1, 2, 2, 1, 2]);
});

it('a guess that fails is made once', async () => {
  const { follow, read } = await reading();
  await follow('one', 1);
  const failing = async (target: number) => {
    if (target === 1) throw new Error('it is damaged');
    return read.push(target);
  };
  await expect(follow('one', 2, failing)).rejects.toThrow('it is damaged');
  read.length = 0;
  await follow('one', 2, failing);
  expect(read).toEqual([2]);
});
