import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { failed, prerequisite } from '../../errors.ts';

/** As many of a failed tool's last lines as are shown. */
const tailLines = 12;

/**
 * Runs a tool to its end, handing over each line that it writes.
 *
 * @param options.install what to do where the tool is missing
 * @throws ArcError `missing-tool` (exit status 4), or `recipe-step-failed` (1) with the tool's last lines
 */
export async function runTool(options: {
  command: string;
  args: readonly string[];
  cwd: string;
  environment: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  install: string;
  onLine: (line: string) => void;
}): Promise<void> {
  options.signal.throwIfAborted();
  const tail: string[] = [];
  const child = execa(options.command, options.args, {
    cwd: options.cwd,
    env: options.environment,
    extendEnv: false,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    all: true,
    cancelSignal: options.signal,
    // Go and mmdebstrap remove their temporary files on an interrupt, and not on SIGTERM.
    killSignal: 'SIGINT',
    forceKillAfterDelay: 5000,
  });
  const reading = (async () => {
    for await (const line of createInterface({ input: child.all })) {
      tail.push(line);
      if (tail.length > tailLines) tail.shift();
      options.onLine(line);
    }
  })().catch(() => {});
  const result = await child;
  await reading;
  options.signal.throwIfAborted();
  if (result.exitCode === 0) return;
  const tool = basename(options.command);
  if (result.code === 'ENOENT') throw missingTool(tool, options.install);
  const how = result.signal ? `was ended by ${result.signal}` : `failed with exit status ${result.exitCode}`;
  throw failed({
    code: 'recipe-step-failed',
    message: `${tool} ${options.args[0]} ${how}.`,
    detail: tail.filter((line) => line.trim() !== ''),
  });
}

/** The error for a tool that a recipe needs and this machine lacks. */
export function missingTool(tool: string, install: string) {
  return prerequisite({
    code: 'missing-tool',
    message: `The recipe needs ${tool}, which is not installed.`,
    suggestion: install,
  });
}
