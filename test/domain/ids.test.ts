import fc from 'fast-check';
import { decodeTime } from 'ulid';
import { describe, expect, it } from 'vitest';
import { idTimes, randomIds } from '#lib/ports.ts';

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

  it('is positive and below 2^53 at every time that has ids', () => {
    const { firstMs, endMs } = idTimes;
    expect(endMs).toBeGreaterThan(Date.UTC(2093, 0, 1));
    const anyMs = fc.oneof(fc.integer({ min: firstMs, max: endMs - 1 }), fc.constantFrom(firstMs, endMs - 1));
    fc.assert(
      fc.property(anyMs, (ms) => {
        const [id = 0] = draw([ms]);
        expect(id > 0 && Number.isSafeInteger(id)).toBe(true);
      }),
    );
  });

  it('counts on when the clock is turned back a little, and follows it further back', () => {
    expect(isGrowing(draw([nowMs, nowMs - 59_000, nowMs]))).toBe(true);
    const [later = 0, earlier = 0, next = 0] = draw([nowMs, nowMs - 61_000, nowMs - 61_000]);
    expect(isGrowing([earlier, next, later])).toBe(true);
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

  it('grows within a burst, also while the clock is turned back a little', () => {
    const ids = randomIds();
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 2, maxLength: 50 }), (stepsMs) => {
        let ms = nowMs;
        const drawn = stepsMs.map((stepMs) => {
          ms += stepMs;
          return ids.eventId(ms);
        });
        expect(drawn.toSorted()).toEqual(drawn);
        expect(new Set(drawn).size).toBe(drawn.length);
      }),
    );
  });

  it('follows a clock that was turned back further, and grows from there', () => {
    const ids = randomIds();
    const backMs = nowMs - 15 * 24 * 60 * 60 * 1000;
    ids.eventId(nowMs);
    const drawn = [backMs, backMs, backMs + 5].map((ms) => ids.eventId(ms));
    expect(drawn.map((id) => decodeTime(id))).toEqual([backMs, backMs, backMs + 5]);
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
