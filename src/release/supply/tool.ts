import { failed } from '../../core/errors.ts';
import { redact } from '../../core/secret.ts';
import { findProgram } from '../../host/system.ts';
import { type NotRun, notRun } from './not-run.ts';
import { type Environment, secretsIn } from './tool-environment.ts';

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

/** How a program ended. `exitCode` is undefined where a signal ended it, or where its time was up. */
export type ToolRun = {
  tool: Supplier;
  exitCode: number | undefined;
  stdout: string;
  /** Without secrets. */
  stderr: string;
  timedOut: boolean;
};

/** As many of a failed program's last lines as are shown. */
const tailLines = 8;

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
  deadlineMilliseconds: number;
  signal: AbortSignal;
}): Promise<ToolRun> {
  const { found, signal } = options;
  signal.throwIfAborted();
  // Loaded here, because it takes a while to load (scripts/measure/loading.ts) and most commands run no program.
  const { execa } = await import('execa');
  const result = await execa(found.path, options.args, {
    env: options.environment,
    extendEnv: false,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    // Whoever asks a question here gets no answer, and ends.
    stdin: 'ignore',
    reject: false,
    // An SBOM of a large image is text of many megabytes.
    maxBuffer: 256 * 1024 * 1024,
    timeout: options.deadlineMilliseconds,
    cancelSignal: signal,
    // Time to remove what it has downloaded.
    forceKillAfterDelay: 5_000,
  });
  signal.throwIfAborted();
  return {
    tool: found.tool,
    exitCode: result.timedOut ? undefined : result.exitCode,
    stdout: result.stdout,
    stderr: redact(result.stderr, secretsIn(options.environment)),
    timedOut: result.timedOut,
  };
}

/** The error for a program that failed, with its last lines. */
export function toolFailed(options: {
  code: string;
  run: ToolRun;
  /** What it was to do: `list what is in ghcr.io/…`. */
  task: string;
  suggestion?: string;
}) {
  const { code, run, task, suggestion } = options;
  const how = run.timedOut ? 'was not done in time' : `ended with exit status ${run.exitCode ?? 'none'}`;
  return failed({
    code,
    message: `${run.tool}, which was to ${task}, ${how}.`,
    detail: lastLines(run.stderr),
    ...(suggestion === undefined ? {} : { suggestion }),
  });
}

/** The last lines that say something, each once: some programs print their error twice. */
export function lastLines(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ''))].slice(-tailLines);
}
