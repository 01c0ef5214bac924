import { join } from 'node:path';
import type { Bench } from '#test/bench/bench.ts';
import { cycle, startEmulator } from '#test/bench/emulators.ts';

const BAR = 1.1;
const PAIRS = 64;
const CALLS_A_CYCLE = 3;
/** How many calls are looked at together, around the early one and before the late one. */
const WINDOW = 1500;
const EARLY = 1000;
/** More take their time: with `BENCH_CALLS=100000` it runs for minutes. */
const LATE = Number(process.env['BENCH_CALLS'] ?? 10_000);

export const bench: Bench = {
  measures: 'the emulator, after many calls against after few',
  about: [
    '`BENCH_CALLS=100000 npm run bench` looks at the hundred thousandth call; what was looked at is what the line says.',
  ],
  async run() {
    const emulator = await startEmulator(join(import.meta.dirname, '../..'), PAIRS);
    const calls = async (count: number) => (await cycle(emulator, Math.round(count / CALLS_A_CYCLE))) * CALLS_A_CYCLE;
    await calls(EARLY - WINDOW / 2);
    const early = await calls(WINDOW);
    await calls(LATE - EARLY - 1.5 * WINDOW);
    const late = await calls(WINDOW);
    await emulator.close();
    const made = `${early.toFixed(0)} and ${late.toFixed(0)} calls/s`;
    return [{ what: `call ${LATE} against call ${EARLY}`, value: early / late, bar: { atMost: BAR }, made }];
  },
};
