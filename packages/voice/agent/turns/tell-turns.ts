import { type JobContext, voice } from '@livekit/agents';
import type { HearingTime } from '../hearing/hearing-time.ts';
import { log } from '../log.ts';
import { followStops } from '../speaking/follow-stops.ts';
import type { AnswerPart, TurnTraces } from '../tracing/turn-traces.ts';
import type { TurnFigures } from '../worker/news.ts';
import { turnRecord } from './turn-record.ts';

/**
 * Follows a session's turns by what is added to its conversation. After each answer the room is told what was heard and
 * said, and how long each part took: topic `arc.turn`.
 *
 * @param options.onAnswered told which answer is over, and how long its turn took
 */
export function tellTurns(options: {
  session: voice.AgentSession;
  job: JobContext;
  turns: TurnTraces;
  hearing: HearingTime;
  onAnswered: (answer: AnswerPart, figures: TurnFigures) => void;
}): void {
  const { session, job, turns, hearing, onAnswered } = options;
  const stopped = followStops(session);
  session.on(voice.AgentSessionEventTypes.ConversationItemAdded, ({ item }) => {
    if (item.type !== 'message') return;
    const { textContent: text = '', metrics, interrupted } = item;
    if (item.role === 'user') turns.certain({ text, metrics: hearing.in(metrics) });
    if (item.role !== 'assistant') return;
    const turn = turns.answered(metrics);
    if (turn === undefined) return;
    const { heard, part } = turn;
    const { e2eLatency: e2e, ttsNodeTtfb: tts } = metrics;
    onAnswered(part, { e2e, stt: heard.metrics.transcriptionDelay, tts });
    const said = { text, metrics, interrupted };
    const record = turnRecord({ heard, said, stopMs: stopped(), trace: part.traceId });
    if (record === undefined) return;
    log('info', 'turn', record);
    job.room.localParticipant
      ?.sendText(JSON.stringify(record), { topic: 'arc.turn' })
      .catch((cause: unknown) => log('error', 'turn', { cause: String(cause) }));
  });
}
