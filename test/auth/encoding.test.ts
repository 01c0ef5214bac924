import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeForm, decodePairs, isFormType, percentEncode, splitUrl } from '#lib/auth/encoding.ts';

const wellFormed = fc.string({ unit: 'grapheme' });

describe('percent-encoding', () => {
  it('keeps letters, digits and - . _ ~ and escapes every other byte in upper case', () => {
    expect(percentEncode("aZ09-._~ *+/!'()研")).toBe('aZ09-._~%20%2A%2B%2F%21%27%28%29%E7%A0%94');
  });

  it('is undone by decoding', () => {
    fc.assert(
      fc.property(wellFormed, wellFormed, (name, value) => {
        expect(decodePairs(`${percentEncode(name)}=${percentEncode(value)}`)).toEqual([[name, value]]);
      }),
    );
  });
});

describe('decoding parameters', () => {
  it('reads + as a space, a bare name as an empty value, and keeps duplicates in order', () => {
    expect(decodePairs('b=1+2&a&b=%2b&&c==')).toEqual([
      ['b', '1 2'],
      ['a', ''],
      ['b', '+'],
      ['c', '='],
    ]);
  });

  it('answers no parameters for an empty text', () => {
    expect(decodePairs('')).toEqual([]);
  });

  it.each(['a=%', 'a=%zz', 'a=%2', '%ff=1', 'a=%c3%28', 'a=%ed%a0%80', 'a=\ud800'])('refuses %j', (text) => {
    expect(decodePairs(text)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void decodePairs(text)));
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void decodeForm(bytes)));
  });

  it('refuses a form body that is not UTF-8', () => {
    expect(decodeForm(Buffer.from('a=研'))).toEqual([['a', '研']]);
    expect(decodeForm(Uint8Array.of(0x61, 0x3d, 0xff))).toBeUndefined();
  });
});

describe('recognising a form', () => {
  it.each(['application/x-www-form-urlencoded', 'Application/X-WWW-Form-Urlencoded; charset=utf-8'])(
    '%s is one',
    (t) => {
      expect(isFormType(t)).toBe(true);
    },
  );

  it.each([null, '', 'application/json', 'application/x-www-form-urlencodedx'])('%s is none', (type) => {
    expect(isFormType(type)).toBe(false);
  });
});

describe('splitting a request target', () => {
  it('cuts at the first question mark', () => {
    expect(splitUrl('/a?b=?')).toEqual({ path: '/a', query: 'b=?' });
    expect(splitUrl('/a')).toEqual({ path: '/a', query: '' });
  });
});
