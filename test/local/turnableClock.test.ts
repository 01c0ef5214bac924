import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StartError } from '#infra/local/startError.ts';
import { clockBounds, turnableClock } from '#infra/local/turnableClock.ts';
import { idTimes } from '#lib/ports.ts';
import { newFolder } from '#test/support/emulatorProcess.ts';

const HALF_A_YEAR_MS = 183 * 24 * 60 * 60 * 1000;
const wallMs = Date.UTC(2026, 5, 1);
const wallNow = () => wallMs;
const newFile = () => join(newFolder(), 'clock');

test('a turned clock is found as it was left', () => {
  const file = newFile();
  expect(turnableClock(wallNow, file).turnTo(1000)).toBe(true);
  expect(turnableClock(wallNow, file).now()).toBe(wallMs + 1000);
});

test('a clock is turned to the first and the last time it can tell, and no further', () => {
  const { earliestMs, latestMs } = clockBounds;
  expect(idTimes.endMs - latestMs).toBeGreaterThan(HALF_A_YEAR_MS);
  const clock = turnableClock(wallNow, newFile());
  for (const ms of [earliestMs, latestMs]) {
    expect(clock.turnTo(ms - wallMs)).toBe(true);
    expect(clock.now()).toBe(ms);
  }
  for (const ms of [earliestMs - 1, latestMs + 1, Number.NaN]) expect(clock.turnTo(ms - wallMs)).toBe(false);
  expect(clock.now()).toBe(latestMs);
  expect(clock.turns()).toBe(2);
});

test('the time of the wall is told whatever it is', () => {
  const file = newFile();
  expect(turnableClock(() => 0, file).turnTo(0)).toBe(true);
  expect(turnableClock(() => 0, file).now()).toBe(0);
});

test.each([String(-wallMs), '3000000000000', '1e3', 'soon', ''])('a file that holds %j is refused', (text) => {
  const file = newFile();
  writeFileSync(file, text);
  const open = () => turnableClock(wallNow, file);
  expect(open).toThrow(StartError);
  expect(open).toThrow(`${file} turns the clock to no time from 2024-01-01T00:00:00.000Z to `);
});
