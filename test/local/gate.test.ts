import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openGate } from '#infra/local/gate.ts';

/** Pieces of work that each go on until told to end, and a note of each that began or ended. */
function works() {
  const noted: string[] = [];
  const ends = new Map<string, () => void>();
  const begin = (name: string) => async () => {
    noted.push(name);
    await new Promise<void>((resolve) => ends.set(name, resolve));
    noted.push(`${name} ended`);
  };
  return { noted, begin, end: (name: string) => ends.get(name)?.() };
}

const AWHILE_MS = 20;

test('a gate lets work pass side by side, and answers what it answers', async () => {
  const gate = openGate();
  const { noted, begin, end } = works();
  const passages = [gate.pass(begin('one')), gate.pass(begin('other'))];
  await expect.poll(() => noted).toEqual(['one', 'other']);
  end('other');
  end('one');
  await Promise.all(passages);
  expect(await gate.pass(async () => 'answer')).toBe('answer');
  await expect(gate.pass(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
});

test('what is to be done alone waits for what has passed, and holds what comes', async () => {
  const gate = openGate();
  const { noted, begin, end } = works();
  const before = gate.pass(begin('before'));
  await expect.poll(() => noted).toEqual(['before']);
  const alone = [gate.alone(begin('first')), gate.alone(begin('second'))];
  const after = gate.pass(begin('after'));
  await setTimeout(AWHILE_MS);
  expect(noted).toEqual(['before']);
  for (const [ending, next] of [
    ['before', 'first'],
    ['first', 'second'],
    ['second', 'after'],
  ] as const) {
    end(ending);
    await expect.poll(() => noted.at(-1)).toBe(next);
    await setTimeout(AWHILE_MS);
    expect(noted.at(-1)).toBe(next);
  }
  end('after');
  await Promise.all([before, ...alone, after]);
});

test('what was to be done alone and fails tells only who asked for it', async () => {
  const gate = openGate();
  const failing = gate.alone(() => Promise.reject(new Error('failed')));
  const passage = gate.pass(async () => 'answer');
  await expect(failing).rejects.toThrow('failed');
  expect(await passage).toBe('answer');
  const failed = gate.pass(() => Promise.reject(new Error('failed too')));
  await expect(failed).rejects.toThrow('failed too');
  await gate.alone(async () => undefined);
});

test('what has passed and never ends is waited for only so long', async () => {
  const gate = openGate(AWHILE_MS);
  const { noted, begin, end } = works();
  const endless = gate.pass(begin('endless'));
  await expect.poll(() => noted).toEqual(['endless']);
  await gate.alone(async () => undefined);
  expect(await gate.pass(async () => 'answer')).toBe('answer');
  end('endless');
  await endless;
});
