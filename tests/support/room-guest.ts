// A participant of a room in a process of its own: node room-guest.ts <url>, with the token on standard input, for the
// arguments of a process are anybody's to read, and a test looks for tokens there.
// Says "joined" when it is in the room and "disconnected" when it no longer is, and then ends. SIGTERM makes it leave.
import { text } from 'node:stream/consumers';
import { Room, RoomEvent } from '@livekit/rtc-node';

const [url = ''] = process.argv.slice(2);
const say = (word: string): void => void process.stdout.write(`${word}\n`);

const room = new Room();
room.on(RoomEvent.Disconnected, () => {
  say('disconnected');
  process.exit(0);
});
await room.connect(url, await text(process.stdin), { autoSubscribe: false, dynacast: false });
say('joined');
process.once('SIGTERM', () => void room.disconnect());
// The library's own handles do not keep the process.
setInterval(() => {}, 60_000);
