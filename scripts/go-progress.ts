import { execa } from 'execa';

/** Between two lines of progress: often enough to see that it goes on. Milliseconds. */
const pause = 5_000;

/**
 * Runs `go` and passes on what it writes to standard error, which is what it is downloading or compiling.
 *
 * @param options.onLine told at most once in five seconds
 * @returns standard output
 * @throws execa's error, with all that go wrote
 */
export async function runGo(options: {
  directory: string;
  words: readonly string[];
  environment: Readonly<Record<string, string>>;
  timeout: number;
  onLine: (line: string) => void;
}): Promise<string> {
  const { directory, words, environment, timeout } = options;
  const child = execa('go', words, { cwd: directory, env: { ...environment }, timeout });
  const onLine = seldom(options.onLine);
  child.stderr.setEncoding('utf8').on('data', (text: string) => onLine(lastLine(text)));
  return (await child).stdout;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** Passes on at most one line in five seconds, and none in the first five. */
export function seldom(onLine: (line: string) => void): (line: string) => void {
  let last = performance.now();
  return (line) => {
    if (performance.now() - last < pause) return;
    last = performance.now();
    onLine(line);
  };
}
