// A participant who watches and listens, in a process of its own: node room-viewer.ts <url>, with the
// token on standard input.
// Says "joined", for each of the others "camera: left", and of their tracks "camera: video 640x360", "camera: picture 30",
// "camera: audio" (it is not silent) and so on: one line the first time, and for pictures one more every 30. "lost" where the
// connection was, and "joined" again.
import { text } from 'node:stream/consumers';
import { AudioStream, type RemoteTrack, Room, RoomEvent, TrackKind, VideoStream } from '@livekit/rtc-node';
import { onSessionEnd } from '../../packages/livekit-workers/worker/session-end.ts';

const [url = ''] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const token = await text(process.stdin);

/** Comes back where the connection is lost for good, as a person would who loads the page again. */
async function join(): Promise<void> {
  const room = new Room();
  room.on(RoomEvent.ParticipantDisconnected, ({ identity }) => say(`${identity}: left`));
  room.on(RoomEvent.TrackSubscribed, (track, _, { identity }) =>
    track.kind === TrackKind.KIND_VIDEO ? watch(track, identity) : listen(track, identity),
  );
  onSessionEnd(room, (how) => {
    say(how);
    if (how === 'lost') void join();
  });
  await room.connect(url, token, { autoSubscribe: true, dynacast: false });
  say('joined');
}

async function watch(track: RemoteTrack, identity: string): Promise<void> {
  let shown = 0;
  let size = '';
  for await (const { frame } of new VideoStream(track)) {
    shown += 1;
    const now = `${frame.width}x${frame.height}`;
    // An 8x8 picture is WebRTC's own, of a track that has ended.
    if (now !== size && frame.width > 8) say(`${identity}: video ${now}`);
    size = now;
    if (shown % 30 === 0) say(`${identity}: picture ${shown}`);
  }
}

async function listen(track: RemoteTrack, identity: string): Promise<void> {
  let heard = false;
  for await (const { data } of new AudioStream(track, 48_000, 1)) {
    const loud = data.some((sample) => Math.abs(sample) > 1_000);
    if (loud && !heard) say(`${identity}: audio`);
    heard ||= loud;
  }
}

await join();
