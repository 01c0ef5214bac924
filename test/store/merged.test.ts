import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merged } from '#lib/store/eventLists.ts';

const ascending = (one: number, other: number) => one - other;
const ordered = fc.array(fc.nat({ max: 50 }), { maxLength: 8 }).map((numbers) => numbers.toSorted(ascending));

/** A stream of numbers that records how many were taken and whether it was closed. */
function streamOf(numbers: readonly number[]) {
  const seen = { taken: 0, isClosed: false };
  async function* stream(): AsyncGenerator<number, void> {
    try {
      for (const number of numbers) {
        seen.taken++;
        yield number;
      }
    } finally {
      seen.isClosed = true;
    }
  }
  return { seen, stream: stream() };
}

describe('merged streams', () => {
  it('are one stream of all their members, in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(ordered, { maxLength: 4 }), async (lists) => {
        const streams = lists.map((numbers) => streamOf(numbers).stream);
        const all: number[] = [];
        for await (const number of merged(streams, ascending)) all.push(number);
        expect(all).toEqual(lists.flat().toSorted(ascending));
      }),
    );
  });

  it('are read no further than they are consumed, and closed then', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(ordered, { minLength: 1, maxLength: 4 }), fc.nat({ max: 5 }), async (lists, wanted) => {
        const opened = lists.map(streamOf);
        let consumed = 0;
        for await (const _ of merged(
          opened.map(({ stream }) => stream),
          ascending,
        )) {
          consumed++;
          if (consumed > wanted) break;
        }
        const taken = opened.reduce((total, { seen }) => total + seen.taken, 0);
        expect(taken).toBeLessThanOrEqual(consumed + lists.length);
        expect(opened.every(({ seen }) => seen.isClosed || seen.taken === 0)).toBe(true);
      }),
    );
  });
});
