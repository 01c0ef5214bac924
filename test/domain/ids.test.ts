import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomIds } from '#lib/ports.ts';

const nowMs = Date.UTC(2030, 5, 1);

function draw(times: readonly number[]): number[] {
  const ids = randomIds();
  return times.map((ms) => ids.next(ms));
}

function isGrowing(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
}

describe('a relation id', () => {
  it('grows with time, also within one millisecond', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3 }), { minLength: 2, maxLength: 50 }), (stepsMs) => {
        let ms = nowMs;
        const times = stepsMs.map((stepMs) => {
          ms += stepMs;
          return ms;
        });
        expect(isGrowing(draw(times))).toBe(true);
      }),
    );
  });

  it('grows however many are drawn within one millisecond', () => {
    const drawn = draw(Array.from({ length: 100_000 }, () => nowMs));
    expect(new Set(drawn).size).toBe(drawn.length);
    expect(isGrowing(drawn)).toBe(true);
  });

  it('grows over a burst that outlasts its millisecond', () => {
    const times = Array.from({ length: 100_000 }, (_, index) => nowMs + Math.floor(index / 10_000));
    expect(isGrowing(draw(times))).toBe(true);
  });

  it('is positive and below 2^53 until 2090', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2090, 0, 1) }), (ms) => {
        const [id = 0] = draw([ms]);
        expect(id > 0 && Number.isSafeInteger(id)).toBe(true);
      }),
    );
  });

  it('orders later milliseconds after earlier ones in whatever process it is drawn', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1000 }), fc.integer({ min: 1, max: 1000 }), (oneMs, laterMs) => {
        const [earlier = 0] = draw([nowMs + oneMs]);
        const [later = 0] = draw([nowMs + oneMs + laterMs]);
        expect(later).toBeGreaterThan(earlier);
      }),
    );
  });
});

describe('an event id', () => {
  it('is a ULID that grows with time, also within a millisecond', () => {
    const ids = randomIds();
    const drawn = [nowMs, nowMs, nowMs, nowMs + 1].map((ms) => ids.eventId(ms));
    for (const id of drawn) expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
    expect(drawn.toSorted()).toEqual(drawn);
  });
});

describe('other ids', () => {
  it('have the form of the vendors', () => {
    const ids = randomIds();
    expect(String(ids.uid())).toMatch(/^1\d{15}$/);
    expect(ids.uuid()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(ids.accessKeyId()).toMatch(/^TRIB[0-9A-F]{20}$/);
  });
});
