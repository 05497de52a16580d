import { expect, test } from 'vitest';
import { usageBetween } from './rates.ts';

const before = { at: 1000, cpuNanoseconds: 1e9, memoryBytes: 5, receivedBytes: 100, sentBytes: 10 };

test('rates are what was added between two looks', () => {
  const after = { at: 3000, cpuNanoseconds: 4e9, memoryBytes: 7, receivedBytes: 300, sentBytes: 10 };
  expect(usageBetween(before, after)).toEqual({
    cpuPercent: 150,
    memoryBytes: 7,
    receivedPerSecond: 100,
    sentPerSecond: 0,
  });
});

test('a container that was started again counts from zero', () => {
  const after = { at: 2000, cpuNanoseconds: 5e8, memoryBytes: 7, receivedBytes: 50, sentBytes: 20 };
  expect(usageBetween(before, after)).toMatchObject({
    cpuPercent: 50,
    receivedPerSecond: 50,
    sentPerSecond: 10,
  });
});

test('there are no rates without time', () => {
  expect(usageBetween(before, before)).toBeUndefined();
});
