import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { startEmulator } from '#infra/local/emulator.ts';
import { type Bench, median, timed } from '#test/bench/bench.ts';
import { nineItems } from '#test/governance/enrolling.ts';
import { type AskAnything, genericClient } from '#test/support/clients.ts';

const BAR_MS = 2000;
const RUNS = 7;
const POLL_MS = 20;

export const bench: Bench = {
  measures: 'an enrolment of nine items in the emulator, from the call to its end',
  async run() {
    const emulator = await startEmulator({ port: 0, data: ':memory:', env: process.env, log: () => undefined });
    try {
      const { baseUrl, envFile } = emulator;
      const keyOf = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(readFileSync(envFile, 'utf8'))?.[1] ?? '';
      const parent = { baseUrl, keyId: keyOf('PARENT_AK'), secret: keyOf('PARENT_SK') };
      const ask = genericClient(parent, '2021-01-20', 'form');
      const times: number[] = [];
      for (let run = 0; run < RUNS; run++) times.push(await timed(() => enrolled(ask, `run${run}`)));
      const made = `longest ${Math.max(...times).toFixed(0)} ms`;
      return [{ what: 'EnrollAccount to Finished', value: median(times), unit: 'ms', bar: { atMost: BAR_MS }, made }];
    } finally {
      await emulator.stop();
    }
  },
};

/** Enrols a new account and asks for its status until that is the last. */
async function enrolled(ask: AskAnything, name: string): Promise<void> {
  const BaselineItems = nineItems(`${name}.onaliyun.com`);
  const { AccountUid } = await ask('EnrollAccount', { AccountNamePrefix: name, DisplayName: name, BaselineItems });
  for (;;) {
    const { Status } = await ask('GetEnrolledAccount', { AccountUid });
    if (Status === 'Finished') return;
    if (Status === 'Failed') throw new Error(`the enrolment of ${name} has failed`);
    await setTimeout(POLL_MS);
  }
}
