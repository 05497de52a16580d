import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Amf0, encodeAmf0 } from '../../rtmp/amf0.ts';
import { chunked } from '../../rtmp/chunks.ts';
import { messageType } from '../../rtmp/message.ts';
import { type Decision, listenRtmp, rtmpLimits, type Source } from './server.ts';

const handshake = Buffer.concat([Buffer.of(3), Buffer.alloc(2 * 1536)]);
const command = (...values: Amf0[]): Buffer =>
  chunked({ type: messageType.command, stream: 0, timestamp: 0, body: encodeAmf0(...values) }, 128);
const publishing = Buffer.concat([
  handshake,
  command('connect', 1, { app: 'live' }),
  command('publish', 2, null, 'key', 'live'),
]);

/** A server on a port of its own, and what it reported. */
async function listen(options: { decide?: () => Promise<Decision>; limits?: Partial<typeof rtmpLimits> }) {
  const reported: string[] = [];
  const server = await listenRtmp({
    port: 0,
    decide: options.decide ?? (async () => ({ refused: 'nobody may' })),
    report: (cause) => reported.push(cause instanceof Error ? cause.message : String(cause)),
    limits: { ...rtmpLimits, ...options.limits },
  });
  onTestFinished(server.close);
  return { ...server, reported };
}

/** A connection, what came over it, and its end. */
function open(port: number): { socket: Socket; text: () => string; closed: Promise<void> } {
  const socket = connect(port, '127.0.0.1');
  const parts: Buffer[] = [];
  socket.on('data', (bytes) => parts.push(bytes));
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return {
    socket,
    text: () => Buffer.concat(parts).toString('latin1'),
    closed: new Promise((resolve) => socket.on('close', () => resolve())),
  };
}

/** Accepts whoever comes, and notes what becomes of it. */
function acceptAll() {
  const notes: string[] = [];
  const sources: Source[] = [];
  const decide = async (): Promise<Decision> => ({
    accepted: (source) => {
      sources.push(source);
      return { media: ({ kind }) => notes.push(kind), ended: () => notes.push('ended') };
    },
  });
  return { decide, notes, sources };
}

describe('an RTMP connection', () => {
  it('that says nothing is ended', async () => {
    const { port, reported } = await listen({ limits: { untilAccepted: 50 } });
    await open(port).closed;
    expect(reported).toEqual(['no stream was published in time']);
  });

  it('that says little by little what never becomes a stream is ended all the same', async () => {
    const { port, reported } = await listen({ limits: { untilAccepted: 100 } });
    const { socket, closed } = open(port);
    const drip = setInterval(() => socket.write(Buffer.of(3)), 5);
    await closed;
    clearInterval(drip);
    expect(reported).toContain('no stream was published in time');
  });

  it('is told why its stream is refused, and ended', async () => {
    const { port } = await listen({});
    const { socket, text, closed } = open(port);
    socket.write(publishing);
    await closed;
    expect(text()).toContain('nobody may');
  });

  it('is refused where it cannot be found out whether it may', async () => {
    const { port, reported } = await listen({ decide: () => Promise.reject(new Error('no Redis')) });
    const { socket, text, closed } = open(port);
    socket.write(publishing);
    await closed;
    expect(text()).toContain('cannot take streams in now');
    expect(reported).toEqual(['no Redis']);
  });

  it('of a live stream that falls silent is ended, and the stream with it', async () => {
    const { decide, notes } = acceptAll();
    const { port, reported } = await listen({ decide, limits: { silence: 50 } });
    const { socket, closed } = open(port);
    socket.write(publishing);
    await closed;
    await expect.poll(() => notes).toEqual(['ended']);
    expect(reported).toEqual(['a live stream has fallen silent']);
  });

  it('that breaks off ends the stream once', async () => {
    const { decide, notes } = acceptAll();
    const { port } = await listen({ decide });
    const { socket, text } = open(port);
    socket.write(publishing);
    await expect.poll(text).toContain('NetStream.Publish.Start');
    socket.write(
      chunked({ type: messageType.audio, stream: 1, timestamp: 0, body: Buffer.of(0xaf, 0) }, 128),
    );
    await expect.poll(() => notes).toEqual(['audio']);
    socket.destroy();
    await expect.poll(() => notes).toEqual(['audio', 'ended']);
  });

  it('is told when its stream is ended from this side, which the stream is not told again', async () => {
    const { decide, notes, sources } = acceptAll();
    const { port } = await listen({ decide });
    const { socket, text, closed } = open(port);
    socket.write(publishing);
    await expect.poll(() => sources.length).toBe(1);
    sources[0]?.end('The ingress was deleted.');
    await closed;
    expect(text()).toContain('The ingress was deleted.');
    expect(notes).toEqual([]);
  });

  it('takes the place of the one that has waited longest, where there are as many as are taken', async () => {
    const { port } = await listen({ limits: { connections: 2 } });
    const [oldest, other] = [open(port), open(port)];
    await Promise.all([oldest, other].map(({ socket }) => connected(socket)));
    const newest = open(port);
    await oldest.closed;
    newest.socket.write(publishing);
    await newest.closed;
    expect(newest.text()).toContain('nobody may');
    expect(other.socket.destroyed).toBe(false);
  });

  it('is not taken where all others are streams', async () => {
    const { decide, notes } = acceptAll();
    const { port } = await listen({ decide, limits: { connections: 1 } });
    const live = open(port);
    live.socket.write(publishing);
    await vi.waitFor(() => expect(live.text()).toContain('NetStream.Publish.Start'));
    await open(port).closed;
    expect(live.socket.destroyed).toBe(false);
    expect(notes).toEqual([]);
  });

  it('that asks without end and never listens is ended', async () => {
    const { port, reported } = await listen({ limits: { unread: 1_000 } });
    const { socket, closed } = open(port);
    socket.pause();
    socket.write(Buffer.concat([handshake, command('connect', 1, { app: 'live' })]));
    const question = Buffer.concat(Array.from({ length: 2_000 }, () => command('createStream', 2, null)));
    const ask = (): void => void (socket.writable && socket.write(question, ask));
    ask();
    // Its end is seen by who reads.
    await vi.waitFor(() => expect(reported).toContain('a connection does not read what it asks for'), 10_000);
    socket.resume();
    await closed;
  });
});

const connected = (socket: Socket): Promise<void> =>
  new Promise((resolve) => void socket.once('connect', () => resolve()));
