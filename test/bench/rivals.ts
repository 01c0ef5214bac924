import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, CALLERS, type Finding, median } from '#test/bench/bench.ts';
import { cycle, startEmulator } from '#test/bench/emulators.ts';
import { betterAuth } from '#test/bench/rivals/betterAuth.ts';
import { moto } from '#test/bench/rivals/moto.ts';
import { installed, type Rival } from '#test/bench/rivals/rival.ts';

const rivals = [betterAuth, moto];
const CYCLES = 150;
const ROUNDS = 4;
const PAIRS = 64;

export const bench: Bench = {
  measures: "others' nearest cycle of three calls, against invite, confirm, relieve in the emulator",
  about: [
    `Each is a server of its own, called by this process, ${CALLERS} calls at a time. They do different things; none has a bar.`,
    'What each does and does not do:',
    '',
    '- Tributary: over SQLite in a process of its own, behind the interface of DynamoDB. Each call is signed, its signature verified and its ' +
      'nonce used up; each change is one conditional transaction with an event, which is then published and filed under both parties.',
    ...rivals.map(({ about }) => `- ${about}`),
  ],
  async run() {
    const findings: Finding[] = [];
    for (const rival of rivals) {
      const what = `cycles a second, against ${rival.name}`;
      const folder = await installed(rival).catch((error) => {
        process.stderr.write(`${rival.name}: ${error}\n`);
      });
      findings.push({ what, ...(folder ? await against(rival, folder) : { value: 'could not be installed here' }) });
    }
    return findings;
  },
};

/** Our cycles a second by those of a rival, measured in turns. */
async function against(rival: Rival, folder: string): Promise<Omit<Finding, 'what'>> {
  const data = mkdtempSync(join(tmpdir(), 'tributary-bench-'));
  const [own, other] = [
    await startEmulator(join(import.meta.dirname, '../..'), PAIRS),
    await rival.start(folder, data, PAIRS),
  ];
  const rates = { own: [] as number[], other: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const [ownRate, otherRate] = [await cycle(own, CYCLES), await other.cycles(CYCLES)];
    // The first round only warms both up.
    if (round === 0) continue;
    rates.own.push(ownRate);
    rates.other.push(otherRate);
  }
  await Promise.all([own.close(), other.close()]);
  rmSync(data, { recursive: true, force: true });
  const [ours, theirs] = [median(rates.own), median(rates.other)];
  return { value: ours / theirs, made: `${ours.toFixed(0)} against ${theirs.toFixed(0)} cycles/s` };
}
