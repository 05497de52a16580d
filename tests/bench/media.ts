import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EgressStatus, IngressState_Status as IngressStatus } from '@livekit/protocol';
import Docker from 'dockerode';
import { execa } from 'execa';
import {
  AccessToken,
  EgressClient,
  EncodedFileOutput,
  EncodedFileType,
  EncodingOptions,
  IngressClient,
  IngressInput,
} from 'livekit-server-sdk';
import { formatTable } from '../../src/output/table.ts';
import { encoded, testPicture } from '../story/test-picture.ts';
import { apartIn, lookAt, missingPictures } from '../support/recorded.ts';
import { devLivekit } from '../support/rooms.ts';
import { readObject } from '../support/stack-data.ts';
import { until } from '../support/until.ts';
import type { Seen } from './watcher.ts';

const url = 'ws://127.0.0.1:7880';
const access = ['http://127.0.0.1:7880', devLivekit.apiKey, devLivekit.apiSecret] as const;
const ingresses = new IngressClient(...access);
const egresses = new EgressClient(...access);
const sizes = ['640x360', '1280x720'] as const;
type Size = (typeof sizes)[number];

/** No machine of ours takes more, and a bench has to end. */
const most = 6;
const measuredSeconds = 6;

/** One number of streams at once. */
type Load = {
  streams: number;
  missing: number;
  cpuPercent: number;
  toActive: number;
  apart: readonly number[];
};

/**
 * How many streams the embedded workers take at once before the first picture is lost, what each costs, how long until
 * it is active, and how far sound is from its picture. The stack runs.
 *
 * @param options.folder for sources and recordings
 */
export async function benchMedia(options: { folder: string }): Promise<void> {
  await mkdir(options.folder);
  const rows: string[][] = [];
  for (const size of sizes) {
    const source = await makeSource({ ...options, size });
    rows.push(row('ingress', size, await increase((streams) => loadIngress({ source, streams }))));
    rows.push(
      row('egress', size, await increase((streams) => loadEgress({ ...options, source, size, streams }))),
    );
  }
  const headings = ['', 'size', 'streams', 'CPU each', 'active after', 'sound late by', 'at worst'];
  process.stdout.write(
    '\nembedded workers; CPU in % of one core, streams until one lost a picture or was refused\n',
  );
  process.stdout.write(`${formatTable({ headings, rows, columns: 120 })}\n`);
}

function row(kind: string, size: Size, loads: readonly Load[]): string[] {
  const whole = loads.filter(({ missing }) => missing === 0);
  const best = whole.at(-1);
  if (best === undefined) return [kind, size, `0 (1 lost ${loads[0]?.missing ?? '?'})`, '', '', '', ''];
  const sorted = best.apart.toSorted((a, b) => a - b);
  const worst = Math.max(...sorted.map(Math.abs));
  const first = loads[whole.length];
  const end = first === undefined ? 'the next is refused' : `${first.streams} lost ${first.missing}`;
  return [
    kind,
    size,
    `${best.streams} (${end})`,
    `${Math.round(best.cpuPercent / best.streams)}`,
    `${(best.toActive / 1_000).toFixed(1)} s`,
    `${Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)} ms`,
    `${Math.round(worst)} ms`,
  ];
}

/** One stream more each time, until a picture is lost or a stream is refused. */
async function increase(load: (streams: number) => Promise<Load | 'refused'>): Promise<readonly Load[]> {
  const loads: Load[] = [];
  for (let streams = 1; streams <= most; streams += 1) {
    const one = await load(streams);
    if (one === 'refused') return loads;
    loads.push(one);
    if (one.missing > 0) return loads;
  }
  return loads;
}

/** Encoded before, so that the encoder's work is no part of the load. */
async function makeSource(options: { folder: string; size: Size }): Promise<string> {
  const file = join(options.folder, `${options.size}.flv`);
  await execa('ffmpeg', [
    '-v',
    'error',
    ...testPicture({ size: options.size, seconds: 90, live: false }),
    ...encoded,
    file,
  ]);
  return file;
}

type Stream = { room: string; toActive: number; end: () => Promise<void> };

/** @returns `refused` where the encoder is sent away */
async function openStream(source: string): Promise<Stream | 'refused'> {
  const room = `bench-${crypto.randomUUID()}`;
  const names = { name: room, roomName: room, participantIdentity: 'camera', participantName: 'camera' };
  const { ingressId, streamKey } = await ingresses.createIngress(IngressInput.RTMP_INPUT, names);
  const began = performance.now();
  const encoder = execa(
    'ffmpeg',
    [
      '-v',
      'error',
      '-re',
      '-i',
      source,
      '-c',
      'copy',
      '-f',
      'flv',
      `rtmp://127.0.0.1:1935/live/${streamKey}`,
    ],
    { stdin: 'ignore', stderr: 'ignore', reject: false },
  );
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

async function loadIngress(options: { source: string; streams: number }): Promise<Load | 'refused'> {
  const opened: Stream[] = [];
  try {
    for (let index = 0; index < options.streams; index += 1) {
      const stream = await openStream(options.source);
      if (stream === 'refused') return 'refused';
      opened.push(stream);
    }
    const [last] = opened.slice(-1);
    if (last === undefined) return 'refused';
    const cpu = await cpuOf('arc-realtime-ingress');
    const seen = await watch(last.room);
    const cpuPercent = await cpu();
    return {
      streams: options.streams,
      missing: seen.missing,
      cpuPercent,
      toActive: last.toActive,
      apart: seen.apart,
    };
  } finally {
    await Promise.all(opened.map(({ end }) => end()));
  }
}

async function watch(room: string): Promise<Seen> {
  const token = new AccessToken(devLivekit.apiKey, devLivekit.apiSecret, { identity: 'watcher', ttl: 600 });
  token.addGrant({ room, roomJoin: true, canPublish: false });
  const script = join(import.meta.dirname, 'watcher.ts');
  const { stdout } = await execa(process.execPath, [script, url, 'camera', String(measuredSeconds)], {
    input: await token.toJwt(),
  });
  // The library has lines of its own.
  const line = stdout.split('\n').find((one) => one.startsWith('{"pictures"'));
  if (line === undefined) throw new Error(`the watcher has seen nothing: ${stdout}`);
  return JSON.parse(line) as Seen;
}

async function loadEgress(options: {
  source: string;
  size: Size;
  streams: number;
  folder: string;
}): Promise<Load | 'refused'> {
  // The ingress may still be letting go of what was measured before.
  const stream = await until({
    what: 'an ingress with room',
    ask: async () => {
      const opened = await openStream(options.source);
      return opened === 'refused' ? undefined : opened;
    },
  });
  const { room } = stream;
  const [width = 0, height = 0] = options.size.split('x').map(Number);
  const encodingOptions = new EncodingOptions({ width, height, framerate: 30 });
  const ids: string[] = [];
  let toActive = 0;
  try {
    for (let index = 0; index < options.streams; index += 1) {
      const began = performance.now();
      const file = new EncodedFileOutput({ fileType: EncodedFileType.MP4, filepath: `${room}/${index}.mp4` });
      try {
        ids.push(
          (await egresses.startParticipantEgress(room, 'camera', { file }, { encodingOptions })).egressId,
        );
      } catch {
        return 'refused';
      }
      await reach(ids.at(-1) ?? '', EgressStatus.EGRESS_ACTIVE);
      toActive = performance.now() - began;
    }
    const cpu = await cpuOf('arc-realtime-egress');
    await new Promise((resolve) => setTimeout(resolve, measuredSeconds * 1_000));
    const cpuPercent = await cpu();
    const name = await stop(ids.at(-1) ?? '');
    const path = join(options.folder, 'recorded.mp4');
    await writeFile(path, await readObject(name));
    const recorded = await lookAt(path);
    return {
      streams: options.streams,
      missing: missingPictures(recorded),
      cpuPercent,
      toActive,
      apart: apartIn(recorded).map((seconds) => seconds * 1_000),
    };
  } finally {
    await Promise.all(ids.map((id) => stop(id)));
    await stream.end();
  }
}

/** @returns the name of its file */
async function stop(id: string): Promise<string> {
  // One that has ended is refused.
  await egresses.stopEgress(id).catch(() => {});
  return (await reach(id, EgressStatus.EGRESS_COMPLETE)).fileResults[0]?.filename ?? '';
}

const reach = (id: string, status: EgressStatus) =>
  until({
    what: EgressStatus[status],
    ask: async () => {
      const [now] = await egresses.listEgress({ egressId: id });
      return now?.status === status ? now : undefined;
    },
  });

/** @returns percent of one core that a container has used since */
async function cpuOf(name: string): Promise<() => Promise<number>> {
  const container = new Docker().getContainer(name);
  const used = async (): Promise<number> =>
    (await container.stats({ stream: false, 'one-shot': true })).cpu_stats.cpu_usage.total_usage;
  const [before, began] = [await used(), performance.now()];
  return async () => ((await used()) - before) / 1e4 / (performance.now() - began);
}
