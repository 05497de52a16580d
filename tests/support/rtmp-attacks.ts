import { connect, type Socket } from 'node:net';

/** Somebody who connects and means no good. */
export type Attacker = {
  /** Resolves when the other side has hung up. */
  ended: Promise<void>;
  stop: () => void;
};

/** @param options.send called once it is connected */
function attack(options: { port: number; send: (socket: Socket) => void }): Attacker {
  const { port, send } = options;
  const socket = connect(port, '127.0.0.1');
  socket.on('connect', () => send(socket));
  socket.on('error', () => {});
  socket.on('data', () => {});
  return {
    ended: new Promise((resolve) => socket.on('close', () => resolve())),
    stop: () => void socket.destroy(),
  };
}

/** Bytes that are no RTMP; half of them begin as it does. */
export const nonsense = (port: number, seed: number): Attacker =>
  attack({
    port,
    send: (socket) => {
      const bytes = Buffer.from(
        Array.from({ length: 4_000 }, (_, index) => (index * seed * 31 + index) & 0xff),
      );
      if (seed % 2 === 0) bytes[0] = 3;
      socket.write(bytes);
    },
  });

const handshake = Buffer.concat([Buffer.of(3), Buffer.alloc(2 * 1536)]);

/** Speaks RTMP, a byte every 200 ms. */
export const slowly = (port: number): Attacker =>
  attack({
    port,
    send: (socket) => {
      let at = 0;
      const timer = setInterval(() => {
        socket.write(handshake.subarray(at, at + 1));
        at += 1;
      }, 200);
      socket.on('close', () => clearInterval(timer));
    },
  });

/** The header of one chunk of a message, with all of its fields (RTMP 1.0, section 5.3.1.2.1). */
function header(options: { stream: number; length: number; type: number }): Buffer {
  const { stream, length, type } = options;
  const bytes = Buffer.alloc(12);
  bytes[0] = stream;
  bytes.writeUIntBE(length, 4, 3);
  bytes[7] = type;
  return bytes;
}

const chunkSize = Buffer.concat([
  header({ stream: 2, length: 4, type: 1 }),
  Buffer.of(0x7f, 0xff, 0xff, 0xff),
]);
/** A command. */
const type = 20;

/** Ways to ask for much memory: one huge message, many that are never finished, and one that is as large as allowed and never ends. */
export const greedily = (port: number, seed: number): Attacker =>
  attack({
    port,
    send: (socket) => {
      const ways = [
        [header({ stream: 3, length: 0xff_ffff, type }), Buffer.alloc(200_000)],
        Array.from({ length: 60 }, (_, stream) => [
          header({ stream: stream + 3, length: 60_000, type }),
          Buffer.alloc(59_000),
        ]).flat(),
        [header({ stream: 3, length: 64 * 1024, type }), Buffer.alloc(64 * 1024 - 1)],
      ];
      socket.write(Buffer.concat([handshake, chunkSize, ...(ways[seed % ways.length] ?? [])]));
    },
  });
