import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { failed, prerequisite } from '../../errors.ts';

/** As many of a failed tool's last lines as are shown. */
const tailLines = 12;

/** How long an interrupted tool may take to clear up. */
const graceMilliseconds = 5000;

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
  // Loaded here, for most boots run no program, and it takes 14 ms.
  const { execa } = await import('execa');
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
    // A process group of its own, to be ended as a whole: these tools have children.
    detached: true,
    cleanup: false,
  });
  const release = endGroupOnAbort(child.pid, options.signal);
  const reading = (async () => {
    for await (const line of createInterface({ input: child.all })) {
      tail.push(line);
      if (tail.length > tailLines) tail.shift();
      options.onLine(line);
    }
  })().catch(() => {});
  const result = await child;
  await reading;
  release();
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

/**
 * Interrupts a group of processes when the work is aborted: Go and mmdebstrap then remove their temporary files.
 * What is still there after the grace, or when this process exits, is killed.
 *
 * @returns stops watching
 */
function endGroupOnAbort(pid: number | undefined, signal: AbortSignal): () => void {
  if (pid === undefined) return () => {};
  let timer: NodeJS.Timeout | undefined;
  const end = (how: NodeJS.Signals) => {
    try {
      process.kill(-pid, how);
    } catch {
      // It has ended by itself.
    }
  };
  const kill = () => end('SIGKILL');
  const interrupt = () => {
    end('SIGINT');
    timer = setTimeout(kill, graceMilliseconds);
  };
  signal.addEventListener('abort', interrupt, { once: true });
  process.once('exit', kill);
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
    process.removeListener('exit', kill);
  };
}

/** The error for a tool that a recipe needs and this machine lacks. */
export function missingTool(tool: string, install: string) {
  return prerequisite({
    code: 'missing-tool',
    message: `The recipe needs ${tool}, which is not installed.`,
    suggestion: install,
  });
}
