import type { BenchContext } from '../context.ts';
import { run, timing } from '../measure.ts';
import { plainRow, type Row } from '../report.ts';
import type { BenchStack } from '../stack.ts';
import { type Asked, askAll, secondsOf } from './ask-all.ts';
import { startTalk } from './room.ts';

/** Milliseconds of silence after what may be all, less and more than the stack has by itself. */
const patiences = [256, 1024];

/**
 * How many turns are cut off, and how long the others wait, for each patience: the turns with a pause inside.
 *
 * @param options.asked with the patience that the stack has by itself
 */
export async function curveRows(options: {
  stack: BenchStack;
  context: BenchContext;
  asked: readonly Asked[];
}): Promise<readonly Row[]> {
  const { stack, context, asked } = options;
  const paused = asked.filter(({ turn }) => turn.pause !== undefined);
  const turns = paused.map(({ turn }) => turn);
  const rows = [rowOf('as it is', paused)];
  try {
    for (const patience of patiences) {
      context.progress(`a patience of ${patience} ms`);
      const env = { ARC_TURN_PATIENCE: String(patience) };
      await run(context.arc, ['up', 'agent', '--quiet', '--yes'], { cwd: stack.workspace, env });
      const talk = await startTalk(context.signal);
      try {
        rows.push(rowOf(`${patience} ms`, await askAll(talk, turns, context)));
      } finally {
        await talk.caller.leave();
      }
    }
  } finally {
    await stack.arc('up', 'agent', '--quiet', '--yes');
  }
  return rows;
}

function rowOf(patience: string, asked: readonly Asked[]): Row {
  const cut = asked.filter(({ outcome }) => outcome.kind === 'cut').length;
  const figure = `turn_patience ${patience}: ${cut} of ${asked.length} cut off`;
  return plainRow({ figure, timing: timing('answered after', secondsOf(asked)) });
}
