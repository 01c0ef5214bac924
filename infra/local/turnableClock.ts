import { existsSync, readFileSync } from 'node:fs';
import { writeWhole } from '#infra/local/wholeFile.ts';

/** A clock that runs with the wall's, at an offset that can be turned. All times epoch ms. */
export interface TurnableClock {
  now(): number;
  offsetMs(): number;
  /** How often this process has turned it. */
  turns(): number;
  turnTo(offsetMs: number): void;
}

/** A clock whose offset outlives the process, in a file: a record from a turned clock is not to be from the future later. */
export function turnableClock(wallNow: () => number, file: string): TurnableClock {
  let offset = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  let turns = 0;
  return {
    now: () => wallNow() + offset,
    offsetMs: () => offset,
    turns: () => turns,
    turnTo(offsetMs) {
      offset = offsetMs;
      turns++;
      writeWhole(file, String(offsetMs));
    },
  };
}
