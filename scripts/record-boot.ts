// Records a real boot into docs/boot.svg:  node scripts/record-boot.ts
// Needs a Docker Engine without a stack on it, and util-linux's `script`, which gives arc a terminal. What is shown is
// what arc wrote, when it wrote it. The stack is removed afterwards.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { drawRecording, type Frame } from './recording-svg.ts';
import { createScreen } from './terminal-screen.ts';

const repository = join(import.meta.dirname, '..');
const arc = join(repository, 'bin', 'arc');
const shown = 'arc up think --yes';
const columns = 120;
/** Pictures that follow each other faster than this are one. */
const pictureMilliseconds = 150;

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a sequence begins
const unfinished = /\u001b(\[[\d;?]*)?$/;

const folder = mkdtempSync(join(tmpdir(), 'arc-recording-'));
const workspace = join(folder, 'demo');
const { CI: _, ...environment } = process.env;
const run = (args: readonly string[]) =>
  execFileSync(arc, args, { cwd: workspace, env: environment, stdio: 'inherit' });
try {
  execFileSync(arc, ['init', workspace, '--yes'], { stdio: 'inherit' });
  try {
    const files = { output: join(folder, 'output'), timing: join(folder, 'timing') };
    execFileSync(
      'script',
      [
        '--quiet',
        '--return',
        '--command',
        `stty cols ${columns} rows 60; exec ${shown}`,
        ...['--log-out', files.output, '--log-timing', files.timing],
      ],
      {
        cwd: workspace,
        // Answers name the program as it was typed.
        env: { ...environment, TERM: 'xterm-256color', PATH: `${dirname(arc)}:${environment.PATH}` },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    const svg = drawRecording({ title: `Recording of ${shown}`, columns, frames: framesOf(files) });
    writeFileSync(join(repository, 'docs', 'boot.svg'), svg);
  } finally {
    run(['nuke', '--force']);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** `script` writes down what came, and in its other file after how many seconds how many bytes of it came. */
function framesOf(files: { output: string; timing: string }): readonly Frame[] {
  // The first line is a note of `script`'s own.
  const bytes = readFileSync(files.output);
  let at = bytes.indexOf('\n') + 1;
  const screen = createScreen({ columns });
  screen.write(`$ ${shown}\r\n`);
  const frames: Frame[] = [{ milliseconds: 0, rows: screen.rows() }];
  const decoder = new TextDecoder();
  let milliseconds = 0;
  let held = '';
  for (const line of readFileSync(files.timing, 'utf8').trim().split('\n')) {
    const [seconds = 0, count = 0] = line.split(' ').map(Number);
    milliseconds += seconds * 1000;
    held += decoder.decode(bytes.subarray(at, at + count), { stream: true });
    at += count;
    // A sequence may be cut in two.
    const cut = held.search(unfinished);
    const ready = cut < 0 ? held : held.slice(0, cut);
    held = held.slice(ready.length);
    screen.write(ready);
    const previous = frames.at(-1);
    const frame = { milliseconds: Math.round(milliseconds), rows: screen.rows() };
    if (previous && frames.length > 1 && frame.milliseconds - previous.milliseconds < pictureMilliseconds)
      frames[frames.length - 1] = { ...frame, milliseconds: previous.milliseconds };
    else frames.push(frame);
  }
  return frames;
}
