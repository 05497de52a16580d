import { createWriteStream } from 'node:fs';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { flvHeader, flvTag } from '../../packages/livekit-workers/ingress/flv.ts';
import { listenRtmp, type Source } from '../../packages/livekit-workers/ingress/rtmp/server.ts';
import { until } from './until.ts';

/** Takes streams of any key, as files. */
export type Receiver = {
  port: number;
  url: (key: string) => string;
  /** How many bytes have come under a key, in all connections. */
  received: (key: string) => number;
  /** Ends the connection of a key, as a server does that is restarted. */
  drop: (key: string) => void;
  /** From now on streams are refused. */
  refuse: () => void;
  /** Closes the file of a key. */
  file: (key: string) => Promise<string>;
};

/** The ingress worker's own server, with a file for each stream. Ends with the test. */
export async function rtmpReceiver(folder: string): Promise<Receiver> {
  const streams = new Map<
    string,
    { source: Source; bytes: number; out: ReturnType<typeof createWriteStream> }
  >();
  const pathOf = (key: string): string => `${folder}/${key}.flv`;
  let isRefusing = false;
  const server = await listenRtmp({
    port: 0,
    report: () => {},
    decide: async ({ key }) =>
      isRefusing
        ? { refused: 'not now' }
        : {
            accepted: (source) => {
              const out = createWriteStream(pathOf(key));
              out.write(flvHeader({ audio: true, video: true }));
              const stream = { source, bytes: streams.get(key)?.bytes ?? 0, out };
              streams.set(key, stream);
              return {
                media: (message) => {
                  stream.bytes += message.body.length;
                  out.write(flvTag(message));
                },
                ended: () => void out.end(),
              };
            },
          },
  });
  onTestFinished(server.close);
  const url = (key: string): string => `rtmp://127.0.0.1:${server.port}/live/${key}`;
  return {
    ...{ port: server.port, url },
    received: (key) => streams.get(key)?.bytes ?? 0,
    drop: (key) => streams.get(key)?.source.end('restarted'),
    refuse: () => {
      isRefusing = true;
    },
    file: async (key) => {
      const out = streams.get(key)?.out;
      if (!out) throw new Error(`${key} was never received`);
      if (!out.closed) await new Promise<void>((resolve) => out.end(() => resolve()));
      return pathOf(key);
    },
  };
}

/** ffmpeg as a server, which takes one stream into a file and ends with it. */
export async function ffmpegReceiver(options: {
  port: number;
  file: string;
}): Promise<{ url: string; ended: Promise<unknown> }> {
  const { port, file } = options;
  const url = `rtmp://127.0.0.1:${port}/live/ffmpeg-key`;
  const child = execa(
    'ffmpeg',
    ['-v', 'error', '-y', '-listen', '1', '-i', url, '-c', 'copy', '-f', 'flv', file],
    { reject: false, timeout: 120_000 },
  );
  onTestFinished(async () => {
    child.kill();
    await child;
  });
  // It takes one connection alone, so that it may not be asked by one.
  const inHex = port.toString(16).toUpperCase().padStart(4, '0');
  await until({
    what: 'ffmpeg to listen',
    ask: async () => (await execa('cat', ['/proc/net/tcp'])).stdout.includes(`:${inHex} 00000000:0000 0A`),
  });
  return { url, ended: child };
}
