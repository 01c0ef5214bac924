import { join } from 'node:path';
import { type Bench, median } from '#test/bench/bench.ts';
import { cycle, startEmulator } from '#test/bench/emulators.ts';

const CYCLES = 150;
const ROUNDS = 4;
const PAIRS = 64;
const BAR = 1.4;
/** A folder with the sources of another version, to be compared with: `BENCH_AGAINST=/some/folder npm run bench cycles`. */
const AGAINST = process.env['BENCH_AGAINST'];

export const bench: Bench = {
  measures: 'the emulator, whole cycles of signed calls over HTTP, eight at a time',
  async run() {
    const own = await startEmulator(join(import.meta.dirname, '../..'), PAIRS);
    const other = AGAINST ? await startEmulator(AGAINST, PAIRS) : undefined;
    const rates = { own: [] as number[], other: [] as number[] };
    for (let round = 0; round <= ROUNDS; round++) {
      const ownRate = await cycle(own, CYCLES);
      const otherRate = other && (await cycle(other, CYCLES));
      // The first round only warms both up.
      if (round === 0) continue;
      rates.own.push(ownRate);
      if (otherRate !== undefined) rates.other.push(otherRate);
    }
    await Promise.all([own.close(), other?.close()]);
    const rate = median(rates.own);
    const absolute = { what: 'invite, confirm, relieve', value: rate, unit: 'cycles/s' };
    if (other === undefined) return [absolute];
    const compared = { what: 'cycles a second, against the other version', value: rate / median(rates.other) };
    return [
      absolute,
      { ...compared, bar: { atLeast: BAR }, made: `${rate.toFixed(0)} against ${median(rates.other).toFixed(0)}` },
    ];
  },
};
