import { basename } from 'node:path';
import { failed, prerequisite } from '../../errors.ts';
import { describeEnd, runProgram } from '../run-program.ts';

/** As many of a failed tool's last lines as are shown. */
const tailLines = 12;

/**
 * Runs a tool to its end, handing over each line that it writes.
 *
 * @param options.install what to do where the tool is missing
 * @param options.idleMilliseconds longest silence; any unless given
 * @param options.tells whether a line may say why the tool failed; all do unless given
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
  idleMilliseconds?: number;
  tells?: (line: string) => boolean;
}): Promise<void> {
  const { tells = () => true } = options;
  const tail: string[] = [];
  const end = await runProgram({
    ...options,
    onLine: (line) => {
      if (tells(line)) tail.push(line);
      if (tail.length > tailLines) tail.shift();
      options.onLine(line);
    },
  });
  const tool = basename(options.command);
  if (end.kind === 'missing') throw missingTool(tool, options.install);
  if (end.kind === 'exited' && end.status === 0) return;
  throw failed({
    code: 'recipe-step-failed',
    message: `${tool} ${options.args[0]} ${describeEnd(end)}.`,
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
