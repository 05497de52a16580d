import type { JobContext, voice } from '@livekit/agents';
import type { RoomEvent } from '@livekit/rtc-node';
import { log } from '../log.ts';
import { type SayOrder, sayOrders, sayTopic } from './say-order.ts';

/** The framework brings the client of rooms, and gives none of its values on. */
const dataReceived = 'dataReceived' as RoomEvent.DataReceived;

/** Says what `arc agents say` orders, and tells by an attribute of the agent what became of it. */
export function followOrders(options: {
  session: voice.AgentSession;
  job: JobContext;
  secret: string;
}): void {
  const { session, job, secret } = options;
  const read = sayOrders({ room: job.job.room?.name ?? '', secret });
  const tell = async (id: string, state: string) =>
    await job.room.localParticipant?.setAttributes({ [sayTopic]: `${id}:${state}` });
  const say = async ({ id, text }: SayOrder) => {
    await tell(id, 'speaking');
    const speech = session.say(text);
    await speech.waitForPlayout();
    await tell(id, speech.interrupted ? 'interrupted' : 'said');
  };
  job.room.on(dataReceived, (data, _sender, _kind, topic) => {
    if (topic !== sayTopic) return;
    const found = read(data, Date.now());
    if (found === undefined)
      return log('error', 'order', { cause: 'it is not signed with the secret of the API' });
    const done = 'order' in found ? say(found.order) : tell(found.refused, 'refused');
    done.catch((cause: unknown) => log('error', 'order', { cause: String(cause) }));
  });
}
