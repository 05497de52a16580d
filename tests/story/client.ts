// The media story, with nothing but LiveKit's public API: node tests/story/client.ts, with LIVEKIT_URL, LIVEKIT_API_KEY and
// LIVEKIT_API_SECRET in the environment. It passes in front of any LiveKit that has an ingress and an egress worker with a
// place for files, upstream's or others, and prints what came of it as JSON.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EgressStatus, IngressState_Status as IngressStatus } from '@livekit/protocol';
import { execa } from 'execa';
import {
  AccessToken,
  EgressClient,
  type EgressInfo,
  EncodedFileOutput,
  EncodedFileType,
  EncodingOptions,
  IngressClient,
  IngressInput,
} from 'livekit-server-sdk';
import { Hopeless, until } from '../support/until.ts';
import { type Watched, watchInBrowser } from './browser.ts';
import { encoded, testPicture } from './test-picture.ts';

/** What the story comes to. */
export type Story = {
  room: string;
  /** What a participant with a native client has said; see room-viewer.ts. */
  guest: readonly string[];
  browser: Watched;
  recordings: readonly { kind: 'participant' | 'room'; file: string; seconds: number; bytes: number }[];
};

const { LIVEKIT_URL: url = '', LIVEKIT_API_KEY: key = '', LIVEKIT_API_SECRET: secret = '' } = process.env;
const http = url.replace(/^ws/, 'http');
const [ingresses, egresses] = [new IngressClient(http, key, secret), new EgressClient(http, key, secret)];
const room = `story-${randomUUID()}`;
const publisher = 'camera';
const recordedSeconds = 10;
const note = (line: string): void => void process.stderr.write(`${line}\n`);

const ingress = await ingresses.createIngress(IngressInput.RTMP_INPUT, {
  name: 'story',
  roomName: room,
  participantIdentity: publisher,
  participantName: publisher,
});
const encoder = push(`${ingress.url}/${ingress.streamKey}`);
try {
  await until({
    what: 'the ingress to publish',
    ask: async () => {
      const [now] = await ingresses.listIngress({ ingressId: ingress.ingressId });
      return now?.state?.status === IngressStatus.ENDPOINT_PUBLISHING;
    },
  });
  note('the stream is published');
  const guest = await seenByGuest();
  note('a native client sees and hears it');
  const browser = await watchInBrowser({ url, token: await token('browser'), beeps: 5 });
  note('a browser sees and hears it');
  const recordings = await record();
  note('both recordings are complete');
  const story: Story = { room, guest, browser, recordings };
  process.stdout.write(`${JSON.stringify(story)}\n`);
} finally {
  encoder.kill('SIGINT');
  await encoder;
  await ingresses.deleteIngress(ingress.ingressId);
}

function push(to: string) {
  const picture = testPicture({ size: '640x360', seconds: 120, live: true });
  return execa('ffmpeg', ['-v', 'error', ...picture, ...encoded, to], {
    stdin: 'ignore',
    stderr: 'inherit',
    reject: false,
  });
}

async function token(identity: string): Promise<string> {
  const access = new AccessToken(key, secret, { identity, ttl: 600 });
  access.addGrant({ room, roomJoin: true, canPublish: false });
  return access.toJwt();
}

async function seenByGuest(): Promise<readonly string[]> {
  const said: string[] = [];
  const viewer = execa(process.execPath, [join(import.meta.dirname, '../support/room-viewer.ts'), url], {
    input: await token('guest'),
    reject: false,
    timeout: 60_000,
  });
  viewer.stdout.on('data', (text) => said.push(...String(text).trim().split('\n')));
  try {
    const wanted = [`${publisher}: video 640x360`, `${publisher}: picture 60`, `${publisher}: audio`];
    await until({ what: wanted.join(', '), ask: () => wanted.every((line) => said.includes(line)) });
    return said;
  } finally {
    viewer.kill();
    await viewer;
  }
}

async function record(): Promise<Story['recordings']> {
  const encoding = new EncodingOptions({ width: 640, height: 360, framerate: 30, videoBitrate: 1_500 });
  const file = (name: string) =>
    new EncodedFileOutput({ fileType: EncodedFileType.MP4, filepath: `${room}/${name}.mp4` });
  const started = [
    {
      kind: 'participant' as const,
      info: await egresses.startParticipantEgress(
        room,
        publisher,
        { file: file('participant') },
        { encodingOptions: encoding },
      ),
    },
    {
      kind: 'room' as const,
      info: await egresses.startRoomCompositeEgress(
        room,
        { file: file('room') },
        { layout: 'grid', encodingOptions: encoding },
      ),
    },
  ];
  const reach = (info: EgressInfo, status: EgressStatus): Promise<EgressInfo> =>
    until({
      what: `${info.egressId} to be ${EgressStatus[status]}`,
      ask: async () => {
        const [now] = await egresses.listEgress({ egressId: info.egressId });
        if (now && now.status > EgressStatus.EGRESS_COMPLETE)
          throw new Hopeless(`${EgressStatus[now.status]}: ${now.error}`);
        return now?.status === status ? now : undefined;
      },
    });
  await Promise.all(started.map(({ info }) => reach(info, EgressStatus.EGRESS_ACTIVE)));
  // Not from `startedAt` on: upstream's worker is seconds old by then, and has recorded nothing yet.
  await sleep(recordedSeconds * 1_000);
  await Promise.all(started.map(({ info }) => egresses.stopEgress(info.egressId)));
  return Promise.all(
    started.map(async ({ kind, info }) => {
      const [result] = (await reach(info, EgressStatus.EGRESS_COMPLETE)).fileResults;
      if (result === undefined) throw new Error(`${info.egressId} is complete without a file`);
      return {
        kind,
        file: result.filename,
        seconds: Number(result.duration) / 1e9,
        bytes: Number(result.size),
      };
    }),
  );
}
