import type { ChalkInstance } from 'chalk';
import { DefaultRenderer, Listr, ListrLogger, type ListrTask, PRESET_TIMER, ProcessOutput } from 'listr2';
import type { ArcEvent } from '../../core/event.ts';
import { formatProblem } from './format-problem.ts';
import { formatLogLine } from './log-line.ts';
import type { Renderer, Streams } from './renderer.ts';

type TaskEvent = Extract<ArcEvent, { type: 'task' }>;

/** One line of the live tree: everything that happens to one subject. */
type Line = {
  subject: string;
  /** Last event of each task on this subject. */
  tasks: Map<string, TaskEvent>;
  /** The first that was announced and then never begun. */
  undone: TaskEvent | undefined;
  listed: boolean;
  ended: boolean;
  update: () => void;
  settle: ((end?: 'paused') => void) | undefined;
};

/** Steps on one subject follow each other without a pause; after one this long, in milliseconds, its line is done. */
const lullMilliseconds = 150;

/** listr2 draws on standard output, and only where that is a terminal; it is the answer's place, not progress's. */
class StandardErrorRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

/**
 * A live tree of what is being worked on, one line a subject with its current action and the time since it began.
 *
 * listr2 wants all lines of a list before it runs, so tasks that are announced in the same turn of the event loop
 * become one list; tasks that come while it runs make up the next one.
 */
export function ttyRenderer(options: { streams: Streams; chalk: ChalkInstance }): Renderer {
  const { streams, chalk } = options;
  const lines = new Map<string, Line>();
  // What would tear the live tree apart is held back until it ends.
  let held: Array<() => void> = [];
  let running: Promise<void> | undefined;

  function receive(event: TaskEvent): void {
    const known = lines.get(event.subject);
    const isNew = known === undefined || known.ended;
    // An announcement begins another phase: what has settled does not keep its list from ending.
    if (isNew && event.state === 'waiting') for (const other of lines.values()) settle(other);
    const line = isNew ? newLine(event.subject) : known;
    noteUndone({ line, event });
    // The latest news comes last.
    line.tasks.delete(event.id);
    line.tasks.set(event.id, event);
    lines.set(event.subject, line);
    line.update();
    if (isSettled(line)) setTimeout(() => settle(line), lullMilliseconds);
    running ??= new Promise<void>((resolve) => setImmediate(resolve)).then(runLists);
  }

  function settle(line: Line): void {
    if (line.settle !== undefined && isSettled(line)) line.settle();
  }

  async function runLists(): Promise<void> {
    for (;;) {
      const fresh = [...lines.values()].filter((line) => !line.listed);
      if (fresh.length === 0) break;
      for (const line of fresh) line.listed = true;
      await new Listr(fresh.map(listTask), {
        concurrent: true,
        exitOnError: false,
        registerSignalListeners: false,
        renderer: StandardErrorRenderer,
        rendererOptions: {
          timer: PRESET_TIMER,
          collapseErrors: false,
          showErrorMessage: false,
          logger: new ListrLogger({
            useIcons: true,
            processOutput: new ProcessOutput(process.stderr, process.stdout),
          }),
        },
      }).run();
    }
    lines.clear();
    running = undefined;
    const late = held;
    held = [];
    for (const show of late) show();
  }

  function listTask(line: Line): ListrTask {
    return {
      title: title(line),
      task: (_, task) =>
        new Promise<void>((resolve, reject) => {
          line.update = () => {
            task.title = title(line);
          };
          line.settle = (end) => {
            const states = [...line.tasks.values()];
            line.ended = true;
            if (end === 'paused' && !isSettled(line)) {
              task.skip(`${title(line)} ${chalk.dim('(waits for an answer)')}`);
              resolve();
            }
            // A pull that failed and was followed by a local build that succeeded is a success.
            else if (states.at(-1)?.state === 'failed') reject(new Error(title(line)));
            else {
              // What an interruption keeps from beginning gets no tick from what was done before.
              if (line.undone !== undefined) task.skip(undoneTitle(line.undone));
              else if (states.every(({ state }) => state === 'skipped')) task.skip(title(line));
              resolve();
            }
          };
          if (isSettled(line)) setTimeout(() => settle(line), lullMilliseconds);
        }),
    };
  }

  function undoneTitle({ subject, action }: TaskEvent): string {
    return `${subject} ${chalk.dim(`${action} (not done)`)}`;
  }

  function title(line: Line): string {
    const events = [...line.tasks.values()];
    const shown =
      events.findLast(({ state }) => state === 'running') ??
      events.findLast(({ state }) => state !== 'waiting') ??
      events[0];
    if (shown === undefined) return line.subject;
    const detail = shown.detail === undefined ? '' : chalk.dim(` ${shown.detail}`);
    return `${line.subject} ${chalk.dim(shown.action)}${detail}`;
  }

  const show = (write: () => void): void => {
    if (running === undefined) write();
    else held.push(write);
  };
  return {
    print: (text) => show(() => streams.out(text)),
    emit: (event) => {
      switch (event.type) {
        case 'task':
          receive(event);
          return;
        case 'log':
          show(() => streams.out(formatLogLine({ event, chalk })));
          return;
        case 'warning':
        case 'error':
          show(() => streams.err(`${formatProblem(event.problem, event.type, streams.columns())}\n`));
          return;
        case 'started':
        case 'result':
          return;
        default:
          event satisfies never;
      }
    },
    pause: async () => {
      for (const line of lines.values()) line.settle?.('paused');
      await running;
    },
    close: async () => {
      // Whatever was interrupted is shown as such instead of spinning for ever.
      for (const line of lines.values()) {
        for (const [id, task] of line.tasks) {
          if (task.state !== 'running' && task.state !== 'waiting') continue;
          const event: TaskEvent = { ...task, state: task.state === 'running' ? 'failed' : 'skipped' };
          noteUndone({ line, event });
          line.tasks.set(id, event);
        }
        line.settle?.();
      }
      await running;
    },
  };
}

function newLine(subject: string): Line {
  return {
    subject,
    tasks: new Map(),
    undone: undefined,
    listed: false,
    ended: false,
    update: () => {},
    settle: undefined,
  };
}

/** To be called before the event takes the place of the last one of its task. */
function noteUndone(options: { line: Line; event: TaskEvent }): void {
  const { line, event } = options;
  if (event.state === 'skipped' && line.tasks.get(event.id)?.state === 'waiting') line.undone ??= event;
}

function isSettled(line: Line): boolean {
  return [...line.tasks.values()].every(({ state }) => state !== 'waiting' && state !== 'running');
}
