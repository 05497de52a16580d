import type { ChalkInstance } from 'chalk';
import { createLogUpdate } from 'log-update';
import stringWidth from 'string-width';
import { formatProblem } from './format-problem.ts';
import { type FrameLook, frame, isLive, spinnerMilliseconds } from './frame.ts';
import { formatLogLine } from './log-line.ts';
import { formatMessageLine } from './message-line.ts';
import { noProgress, progress, unfinished } from './progress.ts';
import type { Renderer, Streams } from './renderer.ts';

/** The parts of a terminal's stream that arc uses. */
export type Terminal = Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'write' | 'on' | 'off'>;

/** Moves up a line and empties it. */
const eraseAbove = '\u001b[1A\u001b[2K';

/**
 * A live tree of what is being worked on, redrawn in place below everything else. Warnings and lines of logs go above
 * it as they come; the answer comes below it, when it is complete.
 *
 * @param options.terminal that the tree is drawn on: standard error
 */
export function ttyRenderer(options: {
  streams: Streams;
  terminal: Terminal;
  chalk: ChalkInstance;
}): Renderer {
  const { streams, terminal, chalk } = options;
  const update = createLogUpdate(terminal as NodeJS.WriteStream);
  const now = (): number => performance.now();
  let state = noProgress;
  let timer: NodeJS.Timeout | undefined;
  let pending: NodeJS.Immediate | undefined;
  /** Output that waits for the answer to a question. */
  let held: (() => void)[] | undefined;

  /** The lines that are on the terminal now. */
  let drawn: readonly string[] = [];

  const picture = (look: Pick<FrameLook, 'halted'> & { rows: number }): readonly string[] =>
    frame(state, { columns: terminal.columns || 80, now: now(), chalk, ...look });

  function draw(): void {
    clearImmediate(pending);
    pending = undefined;
    // The cursor is on its own line below the tree.
    if (state.size > 0 && held === undefined) {
      drawn = picture({ rows: (terminal.rows || 24) - 1 });
      update(drawn.join('\n'));
    }
    if (isLive(state)) timer ??= setInterval(draw, spinnerMilliseconds).unref();
    else stopTimer();
  }

  /** A terminal breaks lines that no longer fit into several, which `log-update` does not know of. */
  function onResize(): void {
    const columns = terminal.columns || 80;
    const further = drawn.reduce(
      (sum, line) => sum + Math.max(0, Math.ceil(stringWidth(line) / columns) - 1),
      0,
    );
    if (drawn.length > 0 && held === undefined) {
      update.clear();
      terminal.write(eraseAbove.repeat(further));
    }
    draw();
  }

  function stopTimer(): void {
    clearInterval(timer);
    timer = undefined;
  }

  /** Leaves the whole tree on the terminal, and draws unfinished steps again below it. */
  function leave(halted?: FrameLook['halted']): void {
    clearImmediate(pending);
    pending = undefined;
    stopTimer();
    const whole = picture({ rows: Number.POSITIVE_INFINITY, ...(halted && { halted }) });
    if (whole.length > 0) update.persist(whole.join('\n'));
    update.done();
    drawn = [];
    state = unfinished(state);
  }

  /** Shows something above the tree. */
  function above(write: () => void): void {
    if (held !== undefined) {
      held.push(write);
      return;
    }
    if (drawn.length > 0) update.clear();
    drawn = [];
    write();
    draw();
  }

  terminal.on('resize', onResize);
  return {
    print: (text) => {
      if (held === undefined) leave();
      above(() => streams.out(text));
    },
    emit: (event) => {
      switch (event.type) {
        case 'step':
          state = progress(state, event, now());
          // Events come in bunches: one picture shows them all.
          pending ??= setImmediate(draw);
          return;
        case 'log':
          above(() => streams.out(formatLogLine({ event, chalk })));
          return;
        case 'message':
          above(() => streams.out(formatMessageLine({ event, chalk })));
          return;
        case 'warning':
        case 'error':
          above(() => streams.err(`${formatProblem(event.problem, event.type, streams.columns())}\n`));
          return;
        case 'started':
        case 'result':
          return;
        default:
          event satisfies never;
      }
    },
    pause: () => {
      leave('waits for an answer');
      held = [];
    },
    resume: () => {
      const late = held ?? [];
      held = undefined;
      for (const show of late) above(show);
      draw();
    },
    close: async () => {
      terminal.off('resize', onResize);
      leave('interrupted');
      state = noProgress;
      for (const show of held ?? []) show();
    },
  };
}
