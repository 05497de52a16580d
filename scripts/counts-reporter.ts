import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';

/** Ends a run with one line that any continuous integration can read: `N passed, N failed`. */
export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], _reason: TestRunEndReason): void {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      // A file that could not even be loaded has no tests to count, and is a failure all the same.
      if (module.errors().length > 0) failed += 1;
      // Nor has a suite whose preparation failed: its tests are skipped.
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
      }
    }
    console.log(`${passed} passed, ${failed} failed`);
  }
}
