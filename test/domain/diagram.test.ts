import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stateDiagram } from '#infra/stateDiagram.ts';
import { defineMachine } from '#lib/domain/machine.ts';
import { relationMachine } from '#lib/domain/relation/relation.ts';

describe('the diagram of a state table', () => {
  it('is committed as it would be drawn now', () => {
    const committed = readFileSync(new URL('../../lib/domain/relation/relation.mmd', import.meta.url), 'utf8');
    expect(committed, 'draw it anew with "npm run docs"').toBe(stateDiagram(relationMachine));
  });

  it('shows beginnings, guards, deadlines and ends', () => {
    const door = defineMachine({
      name: 'door',
      lapses: { ajar: 'swing' },
      transitions: {
        hang: { from: 'nothing', to: 'shut', by: 'parent' },
        push: { from: 'shut', to: 'ajar', by: 'child', guard: 'unlocked' },
        swing: { from: 'ajar', to: 'shut', by: 'clock' },
        remove: { from: 'shut', to: 'gone', by: 'parent' },
      },
    });
    expect(stateDiagram(door).split('\n').slice(1)).toEqual([
      'stateDiagram-v2',
      '  [*] --> shut: hang (parent)',
      '  shut --> ajar: push (child) [unlocked]',
      '  ajar --> shut: swing (clock, at the deadline)',
      '  shut --> gone: remove (parent)',
      '  gone --> [*]',
      '',
    ]);
  });
});
