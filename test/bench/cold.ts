import { type Bench, median } from '#test/bench/bench.ts';
import { openFunctions } from '#test/bench/functions.ts';
import { invite } from '#test/bench/invitations.ts';

const BAR = 0.6;
const ROUNDS = 11;

export const bench: Bench = {
  measures:
    'CPU of a fresh function until its first confirmation is answered, against the same transaction of a bare hello',
  async run() {
    const functions = await openFunctions();
    const cpuMs = Object.fromEntries(functions.names.map((name) => [name, [] as number[]]));
    for (let round = 0; round < ROUNDS; round++) {
      // In turns, so that a machine that slows down slows all.
      for (const name of functions.names) {
        const { firstMs } = await functions.run(name, await invite(1, functions.estate));
        cpuMs[name]?.push(firstMs);
      }
    }
    await functions.close();
    const { hello = [], ...ours } = cpuMs;
    return Object.entries(ours).map(([name, times]) => ({
      what: `${name}, loaded and called once`,
      value: median(times) / median(hello),
      // The door's first call is for information: its bar is what it loads.
      ...(name === 'the door' ? {} : { bar: { atMost: BAR } }),
      made: `${median(times).toFixed(0)} ms, the hello ${median(hello).toFixed(0)} ms`,
    }));
  },
};
