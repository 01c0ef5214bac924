import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type App, commands, compareList, legalNames, prelude, stateNames } from '#test/model/commands.ts';
import { eventsOf, type Ledger } from '#test/model/ledger.ts';
import { times } from '#test/support/breadth.ts';
import { newEstate } from '#test/support/estate.ts';

const START_MS = Date.UTC(2031, 0, 1);
const RUNS = times(30, 10);
const MAX_COMMANDS = 45;

/** The app over an empty table and the model of it, their clocks at the same standstill. */
async function setUp(): Promise<{ model: Ledger; real: App }> {
  const clock = { nowMs: START_MS };
  const estate = await newEstate({ now: () => clock.nowMs });
  const signers = await Promise.all(legalNames.map((legalName) => estate.account(legalName)));
  const advance = (ms: number) => {
    clock.nowMs += ms;
  };
  const model = { nowMs: START_MS, legalNames, entries: [] };
  return { model, real: { estate: { ...estate, advance }, signers } };
}

it('the operations an event is drawn from are all in the state table', () => {
  for (const events of Object.values(eventsOf)) expect(events).not.toEqual([]);
});

it('any sequence of calls and turns of the clock has relations as the state table says', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.commands(commands, { maxCommands: MAX_COMMANDS, size: 'max' }),
      async (...drawn) => {
        const [isBegun, sequence] = drawn;
        const { model, real } = await setUp();
        for (const command of isBegun ? prelude : []) await command.run(model, real);
        await fc.asyncModelRun(async () => ({ model, real }), sequence);
        for (const of of legalNames.keys()) {
          for (const states of [[], stateNames, ['INITIAL']]) {
            await compareList(model, real, { of, states, page: 1, size: 100 });
          }
        }
      },
    ),
    // Short of the test's own time limit, so that a failure is told with its seed however long it takes to shrink.
    { numRuns: RUNS, unbiased: true, interruptAfterTimeLimit: 120_000 },
  );
});
