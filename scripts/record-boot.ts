// Records a real boot into docs/boot.svg:  node scripts/record-boot.ts
// Needs a Docker Engine without a stack on it. arc boots in this process, and what it reports is drawn at the moment
// when it came by the functions that draw the live tree. The stack is removed afterwards.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chalk } from 'chalk';
import { formatProblem } from '../src/cli/output/format-problem.ts';
import { frame } from '../src/cli/output/frame.ts';
import { noProgress, progress } from '../src/cli/output/progress.ts';
import { runCommand } from '../src/cli/run.ts';
import { up } from '../src/cli/up/up.handler.ts';
import type { ArcEvent } from '../src/core/event.ts';
import { drawRecording, type Frame } from './recording-svg.ts';
import { styledRuns } from './styled-runs.ts';

const repository = join(import.meta.dirname, '..');
const arc = join(repository, 'bin', 'arc');
const shown = 'arc up think --yes';
const columns = 120;
/** Pictures that follow each other faster than this are one. */
const pictureMilliseconds = 150;
/** How often a picture is made while nothing is reported: the times go on. */
const tickMilliseconds = 1_000;

/** Puts pictures together from what is reported. */
function startRecording() {
  const began = performance.now();
  const now = (): number => performance.now() - began;
  const above = [`$ ${shown}`];
  const below: string[] = [];
  const frames: Frame[] = [];
  let state = noProgress;
  const take = (): void => {
    const look = { columns, rows: 60, now: now(), chalk: new Chalk({ level: 1 }) };
    const rows = [...above, ...frame(state, look), ...below].map(styledRuns);
    const picture = { milliseconds: Math.round(now()), rows };
    const previous = frames.at(-1);
    if (previous && frames.length > 1 && picture.milliseconds - previous.milliseconds < pictureMilliseconds)
      frames[frames.length - 1] = { ...picture, milliseconds: previous.milliseconds };
    else frames.push(picture);
  };
  take();
  const ticker = setInterval(take, tickMilliseconds);
  return {
    emit: (event: ArcEvent): void => {
      if (event.type === 'warning')
        above.push(...formatProblem(event.problem, 'warning', columns).split('\n'));
      state = progress(state, event, now());
      take();
    },
    end: (answer: string): readonly Frame[] => {
      clearInterval(ticker);
      below.push(...answer.split('\n'));
      take();
      return frames;
    },
  };
}

const folder = mkdtempSync(join(tmpdir(), 'arc-recording-'));
const workspace = join(folder, 'demo');
execFileSync(arc, ['init', workspace, '--yes'], { stdio: 'inherit' });
await runCommand({
  load: async () => async (options, cli) => {
    try {
      const recording = startRecording();
      let answer = '';
      const status = await up(options, {
        ...cli,
        columns,
        // Answers name the program as it was typed.
        program: 'arc',
        emit: (event) => {
          recording.emit(event);
          cli.emit(event);
        },
        result: ({ text }) => {
          answer = text();
        },
      });
      const svg = drawRecording({ title: `Recording of ${shown}`, columns, frames: recording.end(answer) });
      writeFileSync(join(repository, 'docs', 'boot.svg'), svg);
      return status;
    } finally {
      execFileSync(arc, ['nuke', '--force'], { cwd: workspace, stdio: 'inherit' });
      rmSync(folder, { recursive: true, force: true });
    }
  },
  options: { selection: ['think'], without: [], set: [], yes: true, timeout: 120_000 },
  globals: { directory: workspace },
});
