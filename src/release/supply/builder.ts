import type { Environment } from './tool-environment.ts';

/** Who builds: an address and, if there is one, the address of this run. */
export type Builder = { id: string; invocation?: string };

/** The builder in provenance for a machine that nobody vouches for. */
export const localBuilder = 'https://github.com/arc-framework/arc/blob/main/docs/verifying.md#builder-local';

/**
 * The builder according to GitHub Actions' variables: the workflow, and the run. They prove nothing, because anybody
 * can set them elsewhere; the signature counts, not the statement.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 */
export function builderOf(environment: Environment): Builder {
  const { GITHUB_ACTIONS, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_WORKFLOW_REF, GITHUB_RUN_ID } =
    environment;
  if (GITHUB_ACTIONS !== 'true' || !GITHUB_SERVER_URL || !GITHUB_REPOSITORY || !GITHUB_RUN_ID) {
    return { id: localBuilder };
  }
  const attempt = environment.GITHUB_RUN_ATTEMPT ? `/attempts/${environment.GITHUB_RUN_ATTEMPT}` : '';
  const run = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}${attempt}`;
  return { id: GITHUB_WORKFLOW_REF ? `${GITHUB_SERVER_URL}/${GITHUB_WORKFLOW_REF}` : run, invocation: run };
}
