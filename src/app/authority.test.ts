import { existsSync, readFileSync } from 'node:fs';
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

const open = ({ keep = true } = {}) =>
  openAuthority({
    context: {
      cwd: workspace.root,
      environment: {},
      ...{ program: 'arc', columns: 80, signal: new AbortController().signal },
      ...{ emit: () => {}, protect: () => {} },
    },
    keep,
  });

test('an authority that is only to be shown is not kept', async () => {
  const shown = await open({ keep: false });
  expect(existsSync(join(workspace.root, '.arc/ca/authority.pem'))).toBe(false);
  expect((await open()).certificate).not.toBe(shown.certificate);
});

test('a workspace without an authority gets one, which stays the same', async () => {
  vi.mocked(issue.issueAuthority).mockClear();
  const first = await open();
  expect(issue.issueAuthority).toHaveBeenCalledTimes(1);
  const kept = readFileSync(join(workspace.root, '.arc/ca/authority.pem'), 'utf8');
  expect(kept.startsWith(first.certificate)).toBe(true);
  expect(await open()).toEqual(first);
  expect(issue.issueAuthority).toHaveBeenCalledTimes(1);
});
