import type { TestCase, TestModule, TestRunEndReason } from 'vitest/node';
import type { Failure, Report, Skip } from './report.ts';

/** Counts every test of a run of Vitest once, and what ended without a test to count. */
export function readRun(options: {
  modules: readonly TestModule[];
  /** Errors outside of any test. */
  errors: readonly { message?: string }[];
  reason: TestRunEndReason;
}): Report {
  const { modules, errors, reason } = options;
  let passed = 0;
  const failures: Failure[] = errors.map((error) => ({
    name: 'outside of the tests',
    reason: firstLine([error]),
  }));
  const skips: Skip[] = [];
  for (const module of modules) {
    const file = fileOf(module);
    // A file that was not loaded has no tests to count. What fails before or after tests is a failure of its own.
    for (const suite of [module, ...module.children.allSuites()])
      if (suite.errors().length > 0)
        failures.push({
          name: suite.type === 'module' ? file : `${file} > ${suite.fullName}`,
          reason: firstLine(suite.errors()),
        });
    for (const test of module.children.allTests()) {
      const name = `${file} > ${test.fullName}`;
      const result = test.result();
      switch (result.state) {
        case 'passed':
          passed += 1;
          break;
        case 'failed':
          failures.push({ name, reason: firstLine(result.errors) });
          break;
        case 'pending':
          failures.push({ name, reason: 'the run ended before it did' });
          break;
        case 'skipped':
          if (isUnprepared(test)) failures.push({ name, reason: 'not run: its preparation failed' });
          else skips.push({ name, ...skipReason(test, result.note) });
          break;
        default:
          result satisfies never;
      }
    }
  }
  const files = modules.map((module) => {
    const { collectDuration, setupDuration, duration } = module.diagnostic();
    return { name: fileOf(module), seconds: (collectDuration + setupDuration + duration) / 1000 };
  });
  if (failures.length === 0 && (reason !== 'passed' || modules.length === 0))
    failures.push({
      name: 'the run',
      reason: modules.length === 0 ? 'there were no tests' : `it ended: ${reason}`,
    });
  return { passed, failures, skips, files };
}

/** Its path in the repository, which does not depend on the project's folder. */
const fileOf = (module: TestModule): string => module.relativeModuleId;

/** Vitest calls the tests of a suite skipped whose preparation failed. */
function isUnprepared(test: TestCase): boolean {
  if (test.options.mode === 'skip' || test.options.mode === 'todo') return false;
  for (let at: TestCase['parent'] = test.parent; ; at = at.parent) {
    if (at.errors().length > 0) return true;
    if (at.type === 'module') return false;
  }
}

function skipReason(test: TestCase, note: string | undefined): { reason?: string } {
  if (note !== undefined) return { reason: note };
  if (test.options.mode === 'todo') return { reason: 'it is still to be written' };
  const { needs } = test.meta();
  return needs === undefined ? {} : { reason: `it needs ${needs}` };
}

const firstLine = (errors: readonly { message?: string }[]): string =>
  errors[0]?.message?.split('\n', 1)[0] || 'it gives no reason';
