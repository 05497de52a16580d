import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EgressStatus } from '@livekit/protocol';
import { EncodedFileOutput, EncodedFileType, EncodingOptions, ServerError } from 'livekit-server-sdk';
import { apartIn, lookAt, missingPictures } from '../support/recorded.ts';
import { readObject } from '../support/stack-data.ts';
import { until } from '../support/until.ts';
import { cpuOf, egresses, type Load, measuredSeconds } from './load.ts';
import { openStream, publisher } from './load-ingress.ts';

/** So many recordings of one stream at once; the last one's file is looked at. */
export async function loadEgress(options: {
  source: string;
  size: `${number}x${number}`;
  streams: number;
  folder: string;
}): Promise<Load | 'refused'> {
  const { source, size, streams, folder } = options;
  // The ingress may still be letting go of what was measured before.
  const stream = await until({
    what: 'an ingress with room',
    ask: async () => {
      const opened = await openStream(source);
      return opened === 'refused' ? undefined : opened;
    },
  });
  const ids: string[] = [];
  let toActive = 0;
  try {
    while (ids.length < streams) {
      const began = performance.now();
      const id = await startRecording({ room: stream.room, file: `${ids.length}.mp4`, size });
      if (id === 'refused') return 'refused';
      ids.push(id);
      await reach(id, EgressStatus.EGRESS_ACTIVE);
      toActive = performance.now() - began;
    }
    const cpu = await cpuOf('arc-realtime-egress');
    await sleep(measuredSeconds * 1_000);
    const cpuPercent = await cpu();
    const path = join(folder, 'recorded.mp4');
    await writeFile(path, await readObject(await stop(ids.at(-1) ?? '')));
    const recorded = await lookAt(path);
    const apart = apartIn(recorded).map((seconds) => seconds * 1_000);
    return { streams, missing: missingPictures(recorded), cpuPercent, toActive, apart };
  } finally {
    await Promise.all(ids.map((id) => stop(id)));
    await stream.end();
  }
}

/** @returns the recording's id, or `refused` where every worker is full: then none answers the server */
async function startRecording(options: {
  room: string;
  file: string;
  size: `${number}x${number}`;
}): Promise<string> {
  const { room, size } = options;
  const [width = 0, height = 0] = size.split('x').map(Number);
  const encodingOptions = new EncodingOptions({ width, height, framerate: 30 });
  const file = new EncodedFileOutput({ fileType: EncodedFileType.MP4, filepath: `${room}/${options.file}` });
  try {
    return (await egresses.startParticipantEgress(room, publisher, { file }, { encodingOptions })).egressId;
  } catch (error) {
    if (error instanceof ServerError && full.has(error.code ?? '')) return 'refused';
    throw error;
  }
}

/** What the server says where no worker takes a recording, or where one could never take it. */
const full: ReadonlySet<string> = new Set(['unavailable', 'resource_exhausted']);

/** @returns the name of its file */
async function stop(id: string): Promise<string> {
  // One that has ended refuses to be stopped.
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
