import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { FlvTag } from './flv-reader.ts';
import { PushSession } from './push-session.ts';
import type { Tail } from './tail.ts';
import type { Target } from './target.ts';

/** What becomes of a stream at its receiver. */
export type PushEvents = {
  /** It takes the stream; also after it was lost for a while. */
  live: () => void;
  /** It was lost, and is tried again. */
  retrying: () => void;
  /** It is given up. */
  failed: (reason: string) => void;
};

export const pushLimits = {
  /** From the connection's beginning until the stream is taken. Milliseconds. */
  untilLive: 10_000,
  /** A stream that was taken once is tried again for so long, and one that takes nothing is given up after it; upstream's. Milliseconds. */
  untilGivenUp: 30_000,
  /** Between two attempts. Milliseconds. */
  pause: 1_000,
  /** What may wait for a receiver that is too slow; what comes beyond it is left out until the next whole picture. Bytes. */
  queued: 8 * 1024 * 1024,
};

/** A stream on its way to one receiver. */
export type Push = {
  media: (tag: FlvTag) => void;
  /** Tells the receiver that this was all; resolves when the connection is closed. */
  end: () => Promise<void>;
};

/** @param options.tail what this receiver gets of the stream */
export function startPush(options: {
  target: Target;
  tail: Tail;
  events: PushEvents;
  limits?: typeof pushLimits;
}): Push {
  const { target, tail, events, limits = pushLimits } = options;
  let connection: Connection | undefined;
  let wasLive = false;
  let isOver = false;
  /** When it took something for the last time. */
  let lastTaken = performance.now();
  let again: NodeJS.Timeout | undefined;

  const give = (reason: string): void => {
    isOver = true;
    clearTimeout(again);
    clearInterval(watch);
    connection?.destroy();
    events.failed(reason);
  };
  const attempt = (): void => {
    const mine = openConnection({
      target,
      limits,
      live: () => {
        tail.restart();
        wasLive = true;
        lastTaken = performance.now();
        events.live();
      },
      lost: (reason) => {
        if (isOver || connection !== mine) return;
        connection = undefined;
        // A wrong address or key does not become right.
        if (!wasLive || performance.now() - lastTaken > limits.untilGivenUp) return give(reason);
        events.retrying();
        again = setTimeout(attempt, limits.pause);
      },
    });
    connection = mine;
  };
  const watch = setInterval(() => {
    if (!connection?.isLive()) return;
    if (connection.hasTaken()) lastTaken = performance.now();
    else if (performance.now() - lastTaken > limits.untilGivenUp)
      give(`no outbound progress for ${limits.untilGivenUp / 1_000}s`);
  }, limits.pause);
  attempt();

  return {
    media: (tag) => {
      if (!connection?.isLive()) return tail.pass(tag);
      if (connection.queued() > limits.queued) {
        tail.skip();
        tail.pass(tag);
      } else for (const part of tail.take(tag)) connection.media(part);
    },
    end: async () => {
      isOver = true;
      clearTimeout(again);
      clearInterval(watch);
      await connection?.end();
    },
  };
}

type Connection = {
  isLive: () => boolean;
  media: (tag: FlvTag) => void;
  /** Bytes that wait to be sent. */
  queued: () => number;
  /** Whether anything was sent since it was asked before, or nothing had to be. */
  hasTaken: () => boolean;
  end: () => Promise<void>;
  destroy: () => void;
};

function openConnection(options: {
  target: Target;
  limits: typeof pushLimits;
  live: () => void;
  /** Called once. */
  lost: (reason: string) => void;
}): Connection {
  const { target, limits } = options;
  const { host, port, isSecure } = target;
  let isLive = false;
  let isLost = false;
  let taken = 0;
  const lose = (reason: string): void => {
    if (isLost) return;
    isLost = true;
    clearTimeout(patience);
    socket.destroy();
    options.lost(reason);
  };
  const session = new PushSession({
    target,
    events: {
      send: (bytes) => void socket.write(bytes),
      live: () => {
        clearTimeout(patience);
        isLive = true;
        options.live();
      },
      refused: lose,
    },
  });
  const begin = (): void => session.begin();
  const socket: Socket = isSecure
    ? connectSecure({ host, port, servername: host }, begin)
    : connectPlain({ host, port }, begin);
  const patience = setTimeout(() => lose('the server did not take the stream in time'), limits.untilLive);
  socket.setNoDelay(true);
  socket.on('data', (bytes) => {
    try {
      session.read(bytes);
    } catch (cause) {
      lose(cause instanceof Error ? cause.message : String(cause));
    }
  });
  socket.on('error', (cause) => lose(cause.message));
  socket.on('close', () => lose('the server has closed the connection'));

  return {
    isLive: () => isLive && !isLost,
    media: (tag) => session.media(tag),
    queued: () => socket.writableLength,
    hasTaken: () => {
      const before = taken;
      taken = socket.bytesWritten - socket.writableLength;
      return taken > before || socket.writableLength === 0;
    },
    end: async () => {
      isLost = true;
      clearTimeout(patience);
      if (socket.destroyed) return;
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      session.end();
      socket.end();
      const impatience = setTimeout(() => socket.destroy(), 1_000);
      await closed;
      clearTimeout(impatience);
    },
    destroy: () => {
      isLost = true;
      clearTimeout(patience);
      socket.destroy();
    },
  };
}
