import type { Problem } from './errors.ts';
import type { MessageEvent } from './message-event.ts';
import type { Address } from './resource.ts';
import type { Verb } from './step.ts';

/**
 * Everything that arc reports while it works, as data: a renderer makes words of it. `--json` prints one of these a
 * line (docs/events.md, schemas/events.schema.json).
 */
export type ArcEvent =
  | StartedEvent
  | StepEvent
  | {
      type: 'log';
      container: string;
      stream: 'stdout' | 'stderr';
      line: string;
      time?: string;
      level?: string;
    }
  | MessageEvent
  | { type: 'warning'; problem: Problem }
  | { type: 'error'; problem: Problem }
  /** The command's answer; its shape is documented with the command. */
  | { type: 'result'; command: string; data: unknown };

/** The first event of every command. `version` is raised when a field changes its meaning. */
export type StartedEvent = { type: 'started'; version: typeof eventsVersion; command: string };

const eventsVersion = 2;

/**
 * The event that begins the output of a command. The command's name is empty if there is none.
 *
 * @param command its first word
 */
export function startedEvent(command: string): StartedEvent {
  return { type: 'started', version: eventsVersion, command };
}

/** One piece of work that a person may wait for. */
export type StepEvent = {
  type: 'step';
  /** The same from the step's first event to its last. */
  id: string;
  /** The step that this one is a part of. */
  parent?: string;
  verb: StepVerb;
  on: Address;
  /** The container of a service that the step is done for. */
  role?: string;
  phase: Phase;
  /** Why the step is done, or was skipped. */
  cause?: string;
  /** Skipped because it is already as it should be. */
  kept?: true;
  /** What the last probe of a wait saw. */
  answer?: Answer;
  /** How far it has come. */
  progress?: Progress;
  /** The last line that a program wrote which does the work. */
  output?: string;
  /** Results of a finished step. */
  outcome?: Outcome;
  /** Since the step began; not in its first event. */
  milliseconds?: number;
  /** Why it failed. */
  problem?: Problem;
};

/** The kind of work: the verbs of a plan, and other work that takes time. */
export type StepVerb =
  | Verb
  | 'look-up'
  | 'copy'
  | 'observe'
  | 'pull'
  | 'push'
  | 'build'
  | 'build-and-push'
  | 'load'
  | 'save'
  | 'attach'
  | 'scan'
  | 'sign'
  | 'tag'
  | 'verify'
  | 'upload'
  | 'publish'
  | 'run'
  | 'back-up'
  | 'prove'
  | 'restore'
  | 'read'
  | 'set'
  | 'install';

/** `waiting` is announced and not begun; `skipped` will not be done, or has turned out not to be needed. */
export type Phase = 'waiting' | 'running' | 'done' | 'skipped' | 'failed';

/** A question to something that is waited for, and its reply. */
export type Answer = {
  /** `PING redis://127.0.0.1:6379` */
  question: string;
  /** `connection refused` */
  reply: string;
  /** Whether the reply is the right one. */
  ok: boolean;
  /** The right reply counts only once it has been given for that long. */
  hold?: { milliseconds: number; cause: string };
  /** Time until the next attempt. */
  againMilliseconds?: number;
};

/** Without `total` it is not known how much there is to do. */
export type Progress = { done: number; total?: number; unit: 'bytes' | 'layers' | 'steps' };

export type Outcome = {
  digest?: string;
  /** The image that this one was made from. */
  base?: string;
  tag?: string;
  bytes?: number;
  url?: string;
  /** A setting's new value. */
  value?: string;
  /** How many signatures there are. */
  signatures?: number;
};

/** Where events go: one of the renderers, or a list in a test. */
export type EventSink = (event: ArcEvent) => void;
