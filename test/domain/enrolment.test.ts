import { describe, expect, it } from 'vitest';
import type { BaselineItem } from '#lib/domain/governance/baseline.ts';
import {
  applicationOrder,
  type EnrolledItem,
  effectiveItems,
  refuseIncomplete,
} from '#lib/domain/governance/effective.ts';
import {
  type EnrolmentStatus,
  enrolmentMachine,
  enrolmentStatuses,
  isEnrolling,
} from '#lib/domain/governance/enrolment.ts';
import { restAfter } from '#lib/domain/governance/enrolmentFailure.ts';
import { itemsApplied, progressOf } from '#lib/domain/governance/itemProgress.ts';

const moves = Object.values(enrolmentMachine.transitions);

describe('the state table of an enrolment', () => {
  it('reaches every status', () => {
    const reached = new Set<string>(['nothing']);
    for (let turn = 0; turn < enrolmentStatuses.length + 1; turn++) {
      for (const { from, to } of moves) if (reached.has(from)) reached.add(to);
    }
    expect([...reached].toSorted()).toEqual(['nothing', ...enrolmentStatuses].toSorted());
  });

  it('leads from every status to an end', () => {
    for (const status of enrolmentStatuses) {
      const ahead = new Set<EnrolmentStatus>([status]);
      for (let turn = 0; turn < enrolmentStatuses.length; turn++) {
        for (const { from, to } of moves) if (from !== 'nothing' && ahead.has(from)) ahead.add(to);
      }
      expect([...ahead].some((one) => !isEnrolling({ status: one }))).toBe(true);
    }
  });

  it('has a way out of exactly what is under way', () => {
    for (const status of enrolmentStatuses) {
      expect(moves.some(({ from }) => from === status)).toBe(isEnrolling({ status }));
    }
  });
});

describe('the progress of an enrolment', () => {
  const order = ['a', 'b', 'c'];
  it.each([
    ['scheduling', 0, ['pending', 'pending', 'pending']],
    ['pending', 0, ['pending', 'pending', 'pending']],
    ['running', 0, ['running', 'pending', 'pending']],
    ['awaiting', 1, ['finished', 'running', 'pending']],
    ['resting', 1, ['finished', 'running', 'pending']],
    ['running', 3, ['finished', 'finished', 'finished']],
    ['failed', 2, ['finished', 'finished', 'failed']],
    ['finished', 3, ['finished', 'finished', 'finished']],
  ] as const)('%s after %i items is told item by item', (status, applied, expected) => {
    expect(progressOf({ status, applied, order }).map((item) => item.status)).toEqual(expected);
    expect(progressOf({ status, applied, order }).map(({ name }) => name)).toEqual(order);
  });

  it('counts what earlier enrolments have applied as applied', () => {
    expect(itemsApplied({ applied: 1, order: ['a', 'b'], earlier: ['c', 'a'] })).toEqual(['c', 'a']);
  });

  it('rests twice as long after each attempt, and ends after six', () => {
    expect([1, 2, 3, 4, 5, 6].map(restAfter)).toEqual([2000, 4000, 8000, 16_000, 32_000, undefined]);
  });
});

const item = (name: string, config?: string): BaselineItem => ({ name, version: '1.0', ...(config && { config }) });
const override = (name: string, config?: string, skip = false): EnrolledItem => ({ ...item(name, config), skip });
const effective = (base: BaselineItem[], items: EnrolledItem[]) => effectiveItems({ base, inputs: { items } });
const dependencies: Readonly<Record<string, readonly string[]>> = { notification: ['contact'], group: ['vpc'] };
const dependsOn = (name: string) => dependencies[name] ?? [];

describe('an effective baseline', () => {
  it('is that of the baseline where the call says nothing', () => {
    expect(effective([item('vpc', '{}'), item('roles')], [])).toEqual([
      { ...item('vpc', '{}'), skip: false },
      { ...item('roles'), skip: false },
    ]);
  });

  it('has what the call says of an item in its place, and what only the call names behind', () => {
    const items = effective(
      [item('vpc', '{"a":1}'), item('roles', '{}')],
      [override('tags', '{"b":2}'), override('vpc', '{"c":3}')],
    );
    expect(items.map(({ config, name }) => [name, config])).toEqual([
      ['vpc', '{"c":3}'],
      ['roles', '{}'],
      ['tags', '{"b":2}'],
    ]);
  });

  it('keeps the configuration of an item of which the call says only that it is skipped', () => {
    expect(effective([item('vpc', '{"a":1}')], [override('vpc', undefined, true)])).toEqual([
      { name: 'vpc', version: '1.0', config: '{"a":1}', skip: true },
    ]);
  });
});

describe('the order of application', () => {
  it('is that of the baseline, but behind what an item depends on', () => {
    const items = ['notification', 'roles', 'group', 'contact', 'vpc'].map((name) => override(name));
    expect(applicationOrder(items, dependsOn)).toEqual(['roles', 'contact', 'notification', 'vpc', 'group']);
  });

  it('leaves out what is skipped, which nothing waits for', () => {
    const items = [override('notification'), override('contact', undefined, true)];
    expect(applicationOrder(items, dependsOn)).toEqual(['notification']);
  });

  it('is none where items depend on each other', () => {
    const circle = (name: string) => (name === 'a' ? ['b'] : ['a']);
    expect(() => applicationOrder([override('a'), override('b')], circle)).toThrow('depend on each other');
  });
});

describe('what an item depends on', () => {
  const facts = { item: 'notification', dependency: 'contact' };

  it.each([
    ['is missing', [override('notification')]],
    ['is skipped', [override('contact', undefined, true), override('notification')]],
  ])('%s and the enrolment is refused', (_, items) => {
    expect(() => refuseIncomplete(items, [], dependsOn)).toThrow(
      expect.objectContaining({ reason: 'ItemDependencyMissing', facts }),
    );
  });

  it('may have been applied by an earlier enrolment, or be skipped with the item', () => {
    refuseIncomplete([override('notification')], ['contact'], dependsOn);
    refuseIncomplete([override('contact', undefined, true), override('notification', undefined, true)], [], dependsOn);
  });
});
