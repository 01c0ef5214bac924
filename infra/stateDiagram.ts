import type { Machine, Transition } from '#lib/domain/machine.ts';

/** A machine as a Mermaid state diagram: each transition with its event, its party and its guard. */
export function stateDiagram<Status extends string, Event extends string, Guard extends string>(
  machine: Machine<Status, Event, Guard>,
): string {
  const transitions = Object.entries<Transition<Status, Guard>>(machine.transitions);
  const left = new Set(transitions.map(([, { from }]) => from));
  const final = [...new Set(transitions.map(([, { to }]) => to))].filter((status) => !left.has(status));
  const lines = [
    `%% ${machine.name}: drawn from its state table by "npm run docs".`,
    'stateDiagram-v2',
    ...transitions.map(([event, transition]) => arrow(event, transition)),
    ...final.map((status) => `  ${status} --> [*]`),
  ];
  return `${lines.join('\n')}\n`;
}

function arrow(event: string, { from, to, by, guard }: Transition<string>): string {
  const fired = by === 'clock' ? 'clock, at the deadline' : by;
  const guarded = guard === undefined ? '' : ` [${guard}]`;
  return `  ${from === 'nothing' ? '[*]' : from} --> ${to}: ${event} (${fired})${guarded}`;
}
