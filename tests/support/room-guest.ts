// A participant of a room in a process of its own: node room-guest.ts <url>, with the token on standard input, for the
// arguments of a process are anybody's to read, and a test looks for tokens there.
// Says "joined" when it is in the room and "disconnected" when the server has ended it, and then ends.
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
// The library's own handles do not keep the process.
setInterval(() => {}, 60_000);
