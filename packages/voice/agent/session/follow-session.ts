import { type JobContext, voice } from '@livekit/agents';
import { RoomEvent } from '@livekit/rtc-node';
import type { HearingTime } from '../hearing/hearing-time.ts';
import { log } from '../log.ts';
import type { About } from './about.ts';
import { sessionFigures } from './figures.ts';
import { reportSession } from './report-session.ts';

/** What a process has to tell of its session once it is out of the room. */
const lastMilliseconds = 3000;

/** Counts what happens in a session, and tells the brain of it at the end. */
export function followSession(options: {
  session: voice.AgentSession;
  job: JobContext;
  about: About;
  hearing: HearingTime;
  brainUrl: string;
}): void {
  const { session, job, about, hearing, brainUrl } = options;
  const startedAt = new Date();
  const figures = sessionFigures();
  session.on(voice.AgentSessionEventTypes.ConversationItemAdded, ({ item }) => {
    if (item.type !== 'message' || (item.role !== 'user' && item.role !== 'assistant')) return;
    const { role, textContent: text = '', interrupted, metrics } = item;
    figures.add({ role, text, interrupted, metrics: hearing.in(metrics ?? {}) });
  });
  session.on(voice.AgentSessionEventTypes.Error, figures.failed);
  let reported: Promise<void> | undefined;
  const report = async (): Promise<void> => {
    // Nobody came, so nobody had a session.
    if (about.user === '') return;
    const ended = { id: about.session, user: about.user, room: about.room, startedAt, endedAt: new Date() };
    await reportSession({ url: brainUrl, body: figures.body(ended) }).catch((cause: unknown) =>
      log('error', 'session', { cause: String(cause) }),
    );
  };
  const once = (): Promise<void> => {
    reported ??= report();
    return reported;
  };
  // A session may be over long before its process; where the process ends first, it waits for this.
  session.on(voice.AgentSessionEventTypes.Close, () => void once());
  // Out of the room, the framework waits a minute for what it was about to say, and holds its place for as long.
  job.room.once(RoomEvent.Disconnected, () => {
    void once();
    setTimeout(() => process.exit(0), lastMilliseconds).unref();
  });
  job.addShutdownCallback(once);
}
