import { join } from 'node:path';
import { IngressState_Status as IngressStatus } from '@livekit/protocol';
import { execa } from 'execa';
import { AccessToken, IngressInput } from 'livekit-server-sdk';
import { devLivekit } from '../support/rooms.ts';
import { until } from '../support/until.ts';
import { cpuOf, ingresses, type Load, livekitUrl, measuredSeconds } from './load.ts';
import type { Seen } from './watcher.ts';

/** An encoder whose stream is in a room. */
export type Stream = { room: string; toActive: number; end: () => Promise<void> };

/** Who publishes in the room of a stream. */
export const publisher = 'camera';

/** So many encoders at once; the last one is watched. */
export async function loadIngress(options: { source: string; streams: number }): Promise<Load | 'refused'> {
  const { source, streams } = options;
  const opened: Stream[] = [];
  try {
    while (opened.length < streams) {
      const stream = await openStream(source);
      if (stream === 'refused') return 'refused';
      opened.push(stream);
    }
    const last = opened.at(-1);
    if (last === undefined) throw new Error(`no streams were asked for: ${streams}`);
    const cpu = await cpuOf('arc-realtime-ingress');
    const { missing, apart } = await watch(last.room);
    return { streams, missing, cpuPercent: await cpu(), toActive: last.toActive, apart };
  } finally {
    await Promise.all(opened.map(({ end }) => end()));
  }
}

/** @returns `refused` where the worker sends the encoder away */
export async function openStream(source: string): Promise<Stream | 'refused'> {
  const room = `bench-${crypto.randomUUID()}`;
  const names = { name: room, roomName: room, participantIdentity: publisher, participantName: publisher };
  const { ingressId, streamKey } = await ingresses.createIngress(IngressInput.RTMP_INPUT, names);
  const began = performance.now();
  const target = `rtmp://127.0.0.1:1935/live/${streamKey}`;
  const encoder = execa('ffmpeg', ['-v', 'error', '-re', '-i', source, '-c', 'copy', '-f', 'flv', target], {
    stdin: 'ignore',
    stderr: 'ignore',
    reject: false,
  });
  let ended = false;
  void encoder.then(() => {
    ended = true;
  });
  const end = async (): Promise<void> => {
    encoder.kill('SIGINT');
    await encoder;
    await ingresses.deleteIngress(ingressId);
  };
  await until({
    what: 'the stream',
    ask: async () => {
      const [now] = await ingresses.listIngress({ ingressId });
      return ended || now?.state?.status === IngressStatus.ENDPOINT_PUBLISHING;
    },
  });
  if (!ended) return { room, toActive: performance.now() - began, end };
  await end();
  return 'refused';
}

async function watch(room: string): Promise<Seen> {
  const token = new AccessToken(devLivekit.apiKey, devLivekit.apiSecret, { identity: 'watcher', ttl: 600 });
  token.addGrant({ room, roomJoin: true, canPublish: false });
  const script = join(import.meta.dirname, 'watcher.ts');
  const args = [script, livekitUrl, publisher, String(measuredSeconds)];
  const { stdout } = await execa(process.execPath, args, { input: await token.toJwt() });
  // The library writes lines of its own.
  const line = stdout.split('\n').find((one) => one.startsWith('{"pictures"'));
  if (line === undefined) throw new Error(`the watcher has seen nothing: ${stdout}`);
  return JSON.parse(line) as Seen;
}
