import { expect, it } from 'vitest';
import { newBaseline, refuseUnknown, systemBaselineOf } from '#lib/domain/governance/baseline.ts';
import { Refusal } from '#lib/errors.ts';

const createdAtMs = Date.UTC(2026, 0, 1);
const content = { name: '', description: '', items: [] };
const idAt = (nowMs: number) => newBaseline('rd-000000', content, 'AbCdEf012', nowMs).id;

it('ids are the vendor’s in form, and sort in the order in which baselines were made', () => {
  expect(idAt(createdAtMs)).toMatch(/^afb-bp1[a-z\d]{8}abcdef012$/);
  const times = [1, 2, 35, 36, 10_000, 1e9, 1e11].map((ms) => createdAtMs + ms);
  const ids = times.map(idAt);
  expect(ids.toSorted()).toEqual(ids);
});

it('system baselines of different directories have different ids, as long as those of others', () => {
  const ids = ['rd-000000', 'rd-000001', 'rd-zzzzzz', 'rd-ZZZZZZ', 'rd-aB3xY9'].map(
    (id) => systemBaselineOf({ id, createdAtMs }).id,
  );
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^afb-bp1[a-z\d]{17}$/);
});

it('the items of a system baseline are such as could be stored', () => {
  expect(() => refuseUnknown(systemBaselineOf({ id: 'rd-000000', createdAtMs }).items)).not.toThrow();
  expect(() => refuseUnknown([{ name: 'NOPE', version: '1.0' }])).toThrow(new Refusal('ItemUnknown', { name: 'NOPE' }));
});
