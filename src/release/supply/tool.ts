import { failed } from '../../core/errors.ts';
import { type ProcessRun, run } from '../../host/process.ts';
import { describeEnd } from '../../host/process-end.ts';
import { findProgram } from '../../host/system.ts';
import { type NotRun, notRun } from './not-run.ts';
import type { Environment } from './tool-environment.ts';

/** The programs that are called for what is attached to an image. */
export const suppliers = {
  syft: 'https://github.com/anchore/syft#installation',
  trivy: 'https://trivy.dev/latest/getting-started/installation/',
  grype: 'https://github.com/anchore/grype#installation',
  cosign: 'https://docs.sigstore.dev/cosign/system_config/installation/',
} as const;

export type Supplier = keyof typeof suppliers;

/** A program that is there, ready to be run. */
export type FoundTool = { kind: 'found'; tool: Supplier; path: string };

/** How a program ended, and what it wrote. */
export type ToolRun = ProcessRun & { tool: Supplier };

/** Finds a program in PATH. */
export function findTool(tool: Supplier, environment: Environment): FoundTool | NotRun {
  const path = findProgram(tool, environment);
  if (path !== undefined) return { kind: 'found', tool, path };
  return notRun(`${tool} is not installed`, `install ${tool}: ${suppliers[tool]}`);
}

/**
 * Runs a program to its end. How it ended is for the caller to judge.
 *
 * @param options.environment the whole of what the program gets
 * @throws the signal's reason, where the work was aborted
 */
export async function runTool(options: {
  found: FoundTool;
  args: readonly string[];
  environment: Environment;
  /** Where its settings are looked for; this process's own folder otherwise. */
  cwd?: string;
  limitMilliseconds: number;
  signal: AbortSignal;
}): Promise<ToolRun> {
  const { found, ...call } = options;
  return { tool: found.tool, ...(await run({ command: found.path, ...call })) };
}

/** The error for a program that failed, with its last lines. */
export function toolFailed(options: {
  code: string;
  run: ToolRun;
  /** The tool's task: `list what is in ghcr.io/…`. */
  task: string;
  suggestion?: string;
}) {
  const { code, run: ended, task, suggestion } = options;
  return failed({
    code,
    message: `${ended.tool} could not ${task}: it ${describeEnd(ended)}.`,
    // Each once: some programs print their error twice.
    detail: [...new Set(ended.tail.map((line) => line.trim()))],
    ...(suggestion === undefined ? {} : { suggestion }),
  });
}
