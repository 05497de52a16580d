import { defineConfig } from 'vitest/config';

// What is pure runs in parallel, and first. What talks to the Engine shares one daemon and one set of host ports, so
// those files run one after the other. What `make test` runs beside them is in scripts/test.ts.
export default defineConfig({
  test: {
    reporters: ['default', './scripts/counts-reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'packages/**/*.test.ts', 'tests/unit/**/*.test.ts'],
          testTimeout: 30_000,
          // Pure tests change nothing that another file could see: a process each would take longer than the tests.
          isolate: false,
          // On two cores Vitest would use one.
          maxWorkers: '100%',
          // A group of 0 comes last where there is one worker only.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 1_800_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 1_800_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
