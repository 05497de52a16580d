import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Amf0, decodeAmf0, encodeAmf0 } from './amf0.ts';
import { RtmpError } from './error.ts';

const values = fc.array(
  fc.letrec<{ value: Amf0 }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.double({ noNaN: true }),
      fc.boolean(),
      fc.string({ unit: 'grapheme' }),
      fc.constant(null),
      fc.constant(undefined),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string({ minLength: 1 }), tie('value'), { maxKeys: 4 }),
    ),
  })).value,
  { maxLength: 4 },
);

describe('AMF0', () => {
  it('is the bytes of its specification', () => {
    expect(encodeAmf0('connect', 1, { app: 'live' }, null, true).toString('hex')).toBe(
      [
        '020007636f6e6e656374',
        '003ff0000000000000',
        '030003617070' + '0200046c697665' + '000009',
        '05',
        '0101',
      ].join(''),
    );
  });

  it('comes back as it was', () => {
    fc.assert(
      fc.property(values, (list) => {
        expect(decodeAmf0(encodeAmf0(...list))).toEqual(list);
      }),
    );
  });

  it('reads arrays with keys, dates and long texts, which are only ever received', () => {
    const array = Buffer.from('08000000020005776964746800408400000000000000' + '0009', 'hex');
    expect(decodeAmf0(array)).toEqual([{ width: 640 }]);
    expect(decodeAmf0(Buffer.from('0b40f86a00000000000000', 'hex'))).toEqual([100_000]);
    expect(decodeAmf0(encodeAmf0('x'.repeat(70_000)))).toEqual(['x'.repeat(70_000)]);
  });

  it('is refused or read, and nothing else, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 512 }), (bytes) => {
        try {
          decodeAmf0(Buffer.from(bytes));
        } catch (cause) {
          expect(cause).toBeInstanceOf(RtmpError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is refused where it ends too early', () => {
    const whole = encodeAmf0({ app: 'live', flags: [1, 2, 3] });
    for (let length = 1; length < whole.length; length += 1)
      expect(() => decodeAmf0(whole.subarray(0, length))).toThrow('ends in the middle');
  });

  it('is refused where it is made to cost much: depth, number, length that is only claimed', () => {
    const nested = Buffer.concat(Array.from({ length: 10_000 }, () => Buffer.from('0a00000001', 'hex')));
    expect(() => decodeAmf0(nested)).toThrow('nests more than 8 deep');
    expect(() => decodeAmf0(Buffer.alloc(10_000, 5))).toThrow('more than 512 values');
    expect(() => decodeAmf0(Buffer.from('0affffffff', 'hex'))).toThrow('more than 512 values');
    expect(() => decodeAmf0(Buffer.from('0cffffffff', 'hex'))).toThrow('ends in the middle');
  });

  it('does not reach the prototypes of objects', () => {
    const [value] = decodeAmf0(encodeAmf0({ ['__proto__']: { polluted: true } }));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBeNull();
  });
});
