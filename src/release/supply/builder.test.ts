import { describe, expect, it } from 'vitest';
import { builderOf, localBuilder } from './builder.ts';

const actions = {
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'arc-framework/arc',
  GITHUB_WORKFLOW_REF: 'arc-framework/arc/.github/workflows/arc-cache.yml@refs/tags/cache/v0.1.0',
  GITHUB_RUN_ID: '42',
  GITHUB_RUN_ATTEMPT: '2',
};

describe('the builder', () => {
  it('is the workflow and the run, in GitHub Actions', () => {
    expect(builderOf(actions)).toEqual({
      id: 'https://github.com/arc-framework/arc/.github/workflows/arc-cache.yml@refs/tags/cache/v0.1.0',
      invocation: 'https://github.com/arc-framework/arc/actions/runs/42/attempts/2',
    });
  });

  it('is the run where the workflow is not told', () => {
    const { GITHUB_WORKFLOW_REF: _, GITHUB_RUN_ATTEMPT: __, ...older } = actions;
    const run = 'https://github.com/arc-framework/arc/actions/runs/42';
    expect(builderOf(older)).toEqual({ id: run, invocation: run });
  });

  it('is nobody in particular elsewhere', () => {
    expect(builderOf({})).toEqual({ id: localBuilder });
    expect(builderOf({ ...actions, GITHUB_ACTIONS: undefined })).toEqual({ id: localBuilder });
  });
});
