import { expect, test } from 'vitest';
import { operations } from '#infra/operations.ts';
import { unused } from '#lib/table/requests.ts';
import { aroundCall, costOf, costOfSteps, costOfSweep, row } from '#test/infra/costs.ts';

test('docs/costs.md says what each operation costs, as counted', async () => {
  const rows: string[] = [];
  for (const operation of operations) {
    const { usage, ...publishing } = await costOf(operation);
    if (operation.effect === 'read') expect(usage.writeUnits, operation.action).toBe(0);
    rows.push(row(`${operation.product.name}/${operation.action}`, usage, aroundCall, publishing));
  }
  const { usage: idle } = await costOfSweep(0);
  const { usage: sweep, ...publishing } = await costOfSweep(1);
  const expiring = {
    requests: sweep.requests - idle.requests,
    roundTrips: sweep.roundTrips - idle.roundTrips,
    readUnits: sweep.readUnits - idle.readUnits,
    writeUnits: sweep.writeUnits,
  };
  rows.push(
    row('a sweep that finds nothing', idle, 0, { events: 0, following: unused() }),
    row('an invitation is expired by a sweep', expiring, 0, publishing),
  );
  const steps = [
    ['an enrolment begins', 0, 1],
    ['a baseline item is applied', 1, 1],
    ['all that follows the call that enrols an account with nine items', 0, 10],
  ] as const;
  for (const [name, after, count] of steps) {
    const { usage, ...publishing } = await costOfSteps(after, count);
    rows.push(row(name, usage, 0, publishing));
  }
  const page = [
    '# Cost of a million calls',
    '',
    'Generated: `npx vitest run test/infra/costs.test.ts -u`. Units as the embedded table counts them for one plain call that',
    "succeeds, in a process that has read the caller's access key in the last minute (else one request, one round trip and one read",
    'unit more), has refused nothing signed with it since (else as much more, D13), and, of what only reads, has read the same before',
    '(else what is read along what a process remembers is a round trip more, D73).',
    'Round trips are the requests that a call waits for one after the other: those side by side are one. Lists',
    'are of one relation; each further 4 kB of a page is half a read unit. A condition check is counted as a write of the item it',
    'checks. List prices in US dollars, us-east-1, on demand, as of June 2025 and without free',
    'tiers: read units 0.125, write units 0.625, HTTP API 1.00, Lambda requests 0.20, arm64 13.33 per million GB-seconds, events 1.00.',
    '*All* adds to the table the API and 15 ms of a 512 MB function. What changes anything records an event, which is then published,',
    'and filed under both parties where the call did not name them: *with events* adds that too, at its dearest, one event a batch.',
    'Logs, traces, metrics and alarms come on top (docs/operations.md).',
    '',
    '| call | requests | round trips | read units | write units | table, $ | all, $ | with events, $ |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
  ];
  await expect(page.join('\n')).toMatchFileSnapshot('../../docs/costs.md');
});
