import { existsSync, readFileSync } from 'node:fs';
import { writeWhole } from '#infra/local/dataFolder.ts';
import { StartError } from '#infra/local/startError.ts';
import { idTimes } from '#lib/ports.ts';

/** A clock that runs with the wall's, at an offset that can be turned. All times epoch ms. */
export interface TurnableClock {
  now(): number;
  offsetMs(): number;
  /** How often this process has turned it. */
  turns(): number;
  /** Answers whether it was turned: not to a time outside `clockBounds`. */
  turnTo(offsetMs: number): boolean;
}

/**
 * The times a clock may be turned to: those for which there are ids. The latest leaves room for deadlines after it, and for an emulator
 * that runs on for months.
 */
export const clockBounds = { earliestMs: idTimes.firstMs, latestMs: Date.UTC(2093, 0, 1) } as const;

/** The bounds in words. */
export const clockRange = `${isoOf(clockBounds.earliestMs)} to ${isoOf(clockBounds.latestMs)}`;

/**
 * A clock whose offset is kept in a file, so that what was recorded under a turned clock does not lie in the future after a restart.
 * Throws `StartError` when the file turns it to a time outside `clockBounds`.
 */
export function turnableClock(wallNow: () => number, file: string): TurnableClock {
  // An unturned clock is never refused, whatever the time of this machine.
  const isWithinBounds = (offsetMs: number) => {
    const ms = wallNow() + offsetMs;
    return offsetMs === 0 || (ms >= clockBounds.earliestMs && ms <= clockBounds.latestMs);
  };
  let offset = offsetIn(file);
  if (!isWithinBounds(offset)) {
    throw new StartError(`${file} turns the clock to no time from ${clockRange}; delete it for the time of the wall.`);
  }
  let turns = 0;
  return {
    now: () => wallNow() + offset,
    offsetMs: () => offset,
    turns: () => turns,
    turnTo(offsetMs) {
      if (!isWithinBounds(offsetMs)) return false;
      offset = offsetMs;
      turns++;
      writeWhole(file, String(offsetMs));
      return true;
    },
  };
}

function offsetIn(file: string): number {
  if (!existsSync(file)) return 0;
  const text = readFileSync(file, 'utf8').trim();
  return /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
