import type { Problem } from './errors.ts';

/**
 * Everything that arc reports while it works. `--json` prints one of these a line (docs/events.md);
 * `version` in the first line is raised when a field changes its meaning.
 */
export type ArcEvent =
  | { type: 'started'; version: 1; command: string; project: string }
  /**
   * A piece of work that a person may wait for. `subject` is a role, or `network arc_platform_net`; `action` is in
   * words for people (`start`, then `started`), `id` names the piece of work from its first event to its last.
   */
  | {
      type: 'task';
      id: string;
      parent?: string;
      subject: string;
      action: string;
      state: TaskState;
      detail?: string;
      milliseconds?: number;
    }
  | { type: 'log'; container: string; stream: 'stdout' | 'stderr'; line: string; time?: string }
  | { type: 'warning'; problem: Problem }
  | { type: 'error'; problem: Problem }
  /** The command's answer; its shape is documented with the command. */
  | { type: 'result'; command: string; data: unknown };

export type TaskState = 'waiting' | 'running' | 'done' | 'skipped' | 'failed';

/** Where events go: one of the renderers, or a list in a test. */
export type EventSink = (event: ArcEvent) => void;
