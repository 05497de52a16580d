import { basename } from 'node:path';
import { type ArcError, failed, prerequisite } from '../../core/errors.ts';
import { run } from '../../host/process.ts';
import { describeEnd, succeeded } from '../../host/process-end.ts';
import type { RecipeTool } from './tools.ts';

/**
 * Runs a tool and passes on each line of its output. Does not install a missing tool.
 *
 * @param options.command a program that comes with the tool, where it is not the tool itself
 * @param options.idleMilliseconds longest silence; any unless given
 * @param options.tells whether a line may say why the tool failed; all do unless given
 * @throws ArcError `missing-tool` (exit status 4), or `recipe-step-failed` (1) with the tool's last lines
 */
export async function runTool(options: {
  tool: Pick<RecipeTool, 'program' | 'install'>;
  command?: string;
  args: readonly string[];
  cwd: string;
  environment: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  onLine: (line: string) => void;
  idleMilliseconds?: number;
  tells?: (line: string) => boolean;
}): Promise<void> {
  const { tool, command = tool.program, ...call } = options;
  const ended = await run({ ...call, command, stop: { group: true } });
  const name = basename(command);
  if (ended.kind === 'missing') throw missingTool(name, tool.install);
  if (succeeded(ended)) return;
  throw failed({
    code: 'recipe-step-failed',
    message: `${name} ${options.args[0]} ${describeEnd(ended)}.`,
    detail: ended.tail,
  });
}

function missingTool(tool: string, install: string): ArcError {
  return prerequisite({
    code: 'missing-tool',
    message: `The recipe needs ${tool}, which is not installed.`,
    suggestion: `${install}; \`arc doctor --fix\` installs what it can`,
  });
}
