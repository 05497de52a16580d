import type { Events, Log } from '../events/events.ts';
import { conversationOf, requestOf, responseOf, type Subject } from '../events/messages.ts';
import { type Delivered, type Outbox, openOutbox } from '../outbox/outbox.ts';
import type { KeptSession, Memory } from './memory.ts';
import type { PastTurn, Turn } from './turn.ts';

/** Turns into vectors. @throws Error where the embedder is away */
export type EmbedOne = (text: string, signal: AbortSignal) => Promise<readonly number[]>;

/** What waits for the database. */
type Row = { kind: 'turn'; turn: Turn } | { kind: 'session'; session: KeptSession };

/** What is remembered of people, and told of it. */
export type Keeper = {
  /** Keeps a turn that is certain, and tells of it. Settles once it is on disk. */
  keep(turn: Turn): Promise<void>;
  keepSession(session: KeptSession): Promise<void>;
  /**
   * What a person said before, with an entry in the audit trail.
   *
   * @param options.like only what is most like this text
   * @returns undefined where this stack keeps no history
   * @throws Error where the database is away
   */
  recall(options: {
    about: Subject;
    reason: string;
    most: number;
    like?: string;
  }): Promise<readonly PastTurn[] | undefined>;
  state: Outbox<Row>['state'];
  close(): Promise<void>;
};

/** Turns that may wait for the database; 1 KiB each. */
const most = 20_000;

const patience = 5_000;

/**
 * @param options.memory undefined in a stack without SQL
 * @param options.folder where rows wait for the database
 */
export async function openKeeper(options: {
  memory: Memory | undefined;
  events: Events;
  embed: EmbedOne;
  folder: string;
  pause: (milliseconds: number) => Promise<void>;
  log: Log;
}): Promise<Keeper> {
  const { memory, events, embed, folder, pause, log } = options;
  const outbox =
    memory === undefined
      ? undefined
      : await openOutbox<Row>({ folder, most, pause, deliver: (row) => deliver(row, { memory, embed }) });
  const add = async (row: Row): Promise<void> => {
    if (outbox !== undefined && !(await outbox.add(row)))
      log({ level: 'error', message: 'a row is lost: too many wait for the database', kind: row.kind });
  };
  return {
    keep: async (turn) => {
      events.tell({ name: 'brain-request', data: requestOf(turn) });
      events.tell({ name: 'brain-response', data: responseOf(turn) });
      await add({ kind: 'turn', turn });
      const { id, at } = turn;
      await events.keep({ name: 'conversation', data: conversationOf(turn), id, at });
    },
    keepSession: async (session) => await add({ kind: 'session', session }),
    recall: async ({ about, reason, most: count, like }) => {
      if (memory === undefined) return undefined;
      const found =
        like === undefined
          ? await memory.recent(about.user, count)
          : await memory.similar(about.user, await embed(like, AbortSignal.timeout(patience)), count);
      await events.audit({ kind: 'read', rows: found.length, reason }, about);
      return found;
    },
    state: () => outbox?.state() ?? { waiting: 0, lost: 0, refused: 0, failure: undefined },
    close: async () => await outbox?.close(),
  };
}

async function deliver(row: Row, to: { memory: Memory; embed: EmbedOne }): Promise<Delivered> {
  const { memory, embed } = to;
  switch (row.kind) {
    case 'turn': {
      const { turn } = row;
      const vector = await embed(`${turn.said} ${turn.answer}`, AbortSignal.timeout(patience));
      await memory.keepTurn(turn, vector);
      return 'done';
    }
    case 'session':
      await memory.keepSession(row.session);
      return 'done';
    default:
      return row satisfies never;
  }
}
