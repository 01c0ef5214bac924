import { type Bench, median } from '#test/bench/bench.ts';
import { openFunctions } from '#test/bench/functions.ts';
import { invite } from '#test/bench/invitations.ts';

const BAR = 0.9;
const ROUNDS = 3;
/** A quarter of them only warm the function up, whose code is still being compiled after a hundred. */
const CALLS = 1200;

export const bench: Bench = {
  measures: 'CPU of a signed confirmation in a warm function, against the same transaction of a bare hello',
  about: [
    `Of ${CALLS} calls one after the other, the first quarter left out. The hello verifies no signature, checks no input, writes no log line and`,
    'counts no units.',
  ],
  async run() {
    const functions = await openFunctions();
    const compared = ['hello', 'bss/ConfirmRelation'] as const;
    const cpuMs = { hello: [] as number[], 'bss/ConfirmRelation': [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const name of compared) {
        const { laterMs } = await functions.run(name, await invite(CALLS, functions.estate));
        cpuMs[name].push(laterMs);
      }
    }
    await functions.close();
    const [bare, signed] = [median(cpuMs.hello), median(cpuMs['bss/ConfirmRelation'])];
    return [
      {
        what: 'a signed confirmation',
        value: signed / bare,
        bar: { atMost: BAR },
        made: `${signed.toFixed(2)} ms, the hello ${bare.toFixed(2)} ms`,
      },
    ];
  },
};
