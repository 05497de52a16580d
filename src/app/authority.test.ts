import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeWorkspace, type TestWorkspace } from '../../tests/support/workspace.ts';
import * as issue from '../workspace/authority/issue.ts';
import { openAuthority } from './authority.ts';

vi.mock('../workspace/authority/issue.ts', { spy: true });

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = makeWorkspace({ settings: { tls: 'internal' } });
});
afterEach(() => workspace.remove());

const open = () =>
  openAuthority({
    cwd: workspace.root,
    environment: {},
    ...{ program: 'arc', columns: 80, signal: new AbortController().signal },
    ...{ emit: () => {}, protect: () => {} },
  });

test('a workspace without an authority gets one, which stays the same', async () => {
  const first = await open();
  expect(issue.issueAuthority).toHaveBeenCalledTimes(1);
  const kept = readFileSync(join(workspace.root, '.arc/ca/authority.pem'), 'utf8');
  expect(kept.startsWith(first.certificate)).toBe(true);
  expect(await open()).toEqual(first);
  expect(issue.issueAuthority).toHaveBeenCalledTimes(1);
});
