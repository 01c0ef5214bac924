import { spawn } from 'node:child_process';
import { type Bench, median, timed } from '#test/bench/bench.ts';
import { readyAt } from '#test/bench/emulators.ts';

const BAR_MS = 1500;
const RUNS = 7;

export const bench: Bench = {
  measures: 'the emulator, from its start to its first answer',
  async run() {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run++) times.push(await timed(startAndAsk));
    const made = `longest ${Math.max(...times).toFixed(0)} ms`;
    return [{ what: 'start to first answer', value: median(times), unit: 'ms', bar: { atMost: BAR_MS }, made }];
  },
};

async function startAndAsk(): Promise<void> {
  const env = { ...process.env, PORT: '0', TRIBUTARY_DATA: ':memory:' };
  const emulator = spawn(process.execPath, ['--import', 'tsx', 'infra/cli/main.ts', 'start'], { env });
  const baseUrl = await readyAt(emulator);
  await fetch(`${baseUrl}/_emulator/clock`);
  emulator.removeAllListeners('exit');
  emulator.kill('SIGTERM');
  await new Promise((resolve) => emulator.once('exit', resolve));
}
