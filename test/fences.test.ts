import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fences, refusedProbes } from '#test/fences.ts';

const { imports, messages } = refusedProbes();

describe.each(Object.entries(fences))('%s', (file, { allowed, forbidden }) => {
  const cases = [
    ...forbidden.map((from) => [`may not import ${from}`, from, true] as const),
    ...allowed.map((from) => [`may import ${from}`, from, false] as const),
  ];

  test.each(cases)('%s', (_, from, isRefused) => {
    expect(imports.get(file)?.includes(from)).toBe(isRefused);
  });
});

test('every fence of biome.json stops something', () => {
  const text = readFileSync(new URL('../biome.json', import.meta.url), 'utf8');
  const built = [...text.matchAll(/"message": (".*")/g)].map(([, message = '""']) => String(JSON.parse(message)));
  expect(built.length).toBeGreaterThan(10);
  expect(built.filter((message) => !messages.has(message))).toEqual([]);
});
