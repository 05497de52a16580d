import { expect, test } from 'vitest';
import { fluentMessage } from './fluent-message.ts';

// The bytes are those of the forward protocol's specification; a real Collector takes them in tests/e2e/logs.test.ts.
test('is an array of the tag, the time with its nanoseconds, and the record', () => {
  const message = fluentMessage({ tag: 'arc', time: 1_796_043_459_250, record: { log: 'é' } });
  expect(message.toString('hex')).toBe(
    [
      '93',
      `da0003${Buffer.from('arc').toString('hex')}`,
      `d700${(1_796_043_459).toString(16)}${(250_000_000).toString(16).padStart(8, '0')}`,
      '81',
      `da0003${Buffer.from('log').toString('hex')}`,
      'da0002c3a9',
    ].join(''),
  );
});
