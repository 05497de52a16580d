import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { cleanEnvironment } from './run-arc.ts';

export type OnTerminal = {
  exitCode: number | undefined;
  /** Everything that was written to the terminal, with its control sequences. */
  raw: string;
  /** The same without them, line by line as written: what was drawn over is still there. */
  lines: readonly string[];
};

/**
 * Runs a shell command on a real terminal, that of script(1) from util-linux, which every Debian has.
 *
 * @param options.typed what a person types, all at once
 */
export async function onTerminal(options: {
  command: string;
  cwd: string;
  columns: number;
  environment?: Readonly<Record<string, string>>;
  typed?: string;
}): Promise<OnTerminal> {
  const { command, cwd, columns, environment = {}, typed = '' } = options;
  const { exitCode, stdout } = await execa(
    'script',
    ['--quiet', '--return', '--command', `stty cols ${columns} rows 50; ${command}`, '/dev/null'],
    {
      cwd,
      env: cleanEnvironment({ TERM: 'xterm-256color', ...environment }),
      extendEnv: false,
      input: typed,
      reject: false,
      timeout: 120_000,
      forceKillAfterDelay: 5_000,
    },
  );
  return { exitCode, raw: stdout, lines: stripVTControlCharacters(stdout).split(/[\r\n]+/) };
}
