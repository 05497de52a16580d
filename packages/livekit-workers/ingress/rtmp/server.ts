import { createServer, type Server, type Socket } from 'node:net';
import { type MediaMessage, type PublishRequest, RtmpSession } from './session.ts';

/** One encoder's connection, once its stream was accepted. */
export type Source = {
  /** Stops reading until `resume`, so that an encoder that is too fast waits. */
  pause(): void;
  resume(): void;
  /** Ends the connection, and tells the encoder so. */
  end(reason: string): void;
};

/** What becomes of an accepted stream. */
export type Sink = {
  media: (message: MediaMessage) => void;
  /** The encoder is gone, however that came. Called once, and not for an end from this side. */
  ended: () => void;
};

export type Decision = { refused: string } | { accepted: (source: Source) => Sink };

/** Milliseconds: from the first byte until a stream is accepted, whatever comes in between; and without any byte of a live one. */
export const rtmpLimits = {
  connections: 256,
  untilAccepted: 10_000,
  silence: 15_000,
  /** Bytes that wait to be read by the other side, which asks and does not listen. */
  unread: 64 * 1024,
};

/**
 * Listens for encoders.
 *
 * @param options.decide whether somebody may send, asked once a connection; a rejection is a refusal
 */
export async function listenRtmp(options: {
  port: number;
  decide: (request: PublishRequest) => Promise<Decision>;
  report: (cause: unknown) => void;
  limits?: typeof rtmpLimits;
}): Promise<{ port: number; close: () => Promise<void> }> {
  const { port, decide, report, limits = rtmpLimits } = options;
  const sockets = new Set<Socket>();
  /** Those that are no stream yet, the oldest first. */
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    if (sockets.size >= limits.connections) {
      // An encoder is a stream within moments: who has waited longest is least likely to be one.
      const [oldest] = waiting;
      report(new Error('more connections than are taken'));
      if (!oldest) {
        socket.destroy();
        return;
      }
      sockets.delete(oldest);
      waiting.delete(oldest);
      oldest.destroy();
    }
    sockets.add(socket);
    waiting.add(socket);
    const accepted = (): void => void waiting.delete(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      waiting.delete(socket);
    });
    serve({ socket, decide, report, limits, accepted });
  });
  await listening(server, port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function serve(options: {
  socket: Socket;
  decide: (request: PublishRequest) => Promise<Decision>;
  report: (cause: unknown) => void;
  limits: typeof rtmpLimits;
  accepted: () => void;
}): void {
  const { socket, decide, report, limits, accepted } = options;
  let sink: Sink | undefined;

  const finish = (): void => {
    const before = sink;
    sink = undefined;
    before?.ended();
  };
  const fail = (cause: unknown): void => {
    report(cause);
    socket.destroy();
  };
  /** What was written is sent, and no byte more is read. */
  const close = (): void => {
    socket.pause();
    socket.end();
    setTimeout(() => socket.destroy(), 1_000).unref();
  };

  const source: Source = {
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    end: (reason) => {
      sink = undefined;
      if (socket.destroyed) return;
      session.unpublish(reason);
      close();
    },
  };
  const answer = async (request: PublishRequest): Promise<void> => {
    const decision = await decide(request);
    if (socket.destroyed) return;
    clearTimeout(deadline);
    if ('refused' in decision) {
      session.refuse(decision.refused);
      close();
      return;
    }
    socket.setTimeout(limits.silence);
    accepted();
    sink = decision.accepted(source);
    session.accept();
    socket.resume();
  };
  const session: RtmpSession = new RtmpSession({
    send: (bytes) => {
      if (socket.writableLength > limits.unread)
        fail(new Error('a connection does not read what it asks for'));
      else if (socket.writable) socket.write(bytes);
    },
    publish: (request) => {
      // Nothing more is read until it is known who this is.
      socket.pause();
      answer(request).catch((cause) => {
        report(cause);
        session.refuse('the worker cannot take streams in now');
        close();
      });
    },
    media: (message) => sink?.media(message),
    end: () => {
      finish();
      close();
    },
  });

  const deadline = setTimeout(() => fail(new Error('no stream was published in time')), limits.untilAccepted);
  socket.setNoDelay(true);
  socket.on('data', (bytes) => {
    try {
      session.read(bytes);
    } catch (cause) {
      fail(cause);
    }
  });
  socket.on('timeout', () => fail(new Error('a live stream has fallen silent')));
  socket.on('error', report);
  socket.on('close', () => {
    clearTimeout(deadline);
    finish();
  });
}

const listening = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => {
      server.off('error', reject);
      resolve();
    });
  });
