import { expect, test } from 'vitest';
import { partitionOf } from './partition.ts';

// What Java's `"…".hashCode() & Integer.MAX_VALUE` gives, as clients of Pulsar compute it.
test.each([
  ['', 0],
  ['agent', 92_750_597],
  ['user-123', 1_879_785_776],
  ['Größe', 69_209_585],
])('the partition of the key "%s" is the one that every client chooses', (key, hash) => {
  for (const partitions of [1, 2, 4, 7]) expect(partitionOf({ key, partitions })).toBe(hash % partitions);
});
