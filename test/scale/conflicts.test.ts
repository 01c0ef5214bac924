import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { crowd, type Outcome } from '#test/scale/crowd.ts';

const page = readFileSync(new URL('../../docs/scale.md', import.meta.url), 'utf8');

function rowOf(who: string, aSecond: number, { busy, done, medianMs, slowMs, tries }: Outcome): string {
  const figures = [
    `${done.toFixed(1)} %`,
    `${busy.toFixed(1)} %`,
    tries.toFixed(2),
    medianMs.toFixed(0),
    slowMs.toFixed(0),
  ];
  return `| ${[who, aSecond, ...figures].join(' | ')} |`;
}

const crowds = [
  ...[10, 30, 50, 80, 120].map((aSecond) => ['one row', aSecond, 1] as const),
  ...[100, 300, 600].map((aSecond) => ['eight rows', aSecond, 8] as const),
  ...[200, 600].map((aSecond) => ['sixteen rows', aSecond, 16] as const),
];

test.each(crowds)('docs/scale.md says what becomes of writers of %s, %i a second', async (who, aSecond, rows) => {
  expect(page).toContain(rowOf(who, aSecond, await crowd(aSecond, rows)));
});

test('up to some tens a second writers of one row only wait for each other', async () => {
  const { busy, slowMs } = await crowd(30, 1);
  expect(busy).toBe(0);
  expect(slowMs).toBeLessThan(500);
});

test('eight rows bear five times as many with fewer transactions each than one row needs at its limit', async () => {
  const [one, eight] = [await crowd(80, 1), await crowd(400, 8)];
  expect(eight.busy).toBe(0);
  expect(eight.tries).toBeLessThan(one.tries);
});
