import type { Span } from '../../../spans/span.ts';

/** How long a turn took, in seconds; what nobody measured is not there. */
export type TurnFigures = { e2e?: number | undefined; stt?: number | undefined; tts?: number | undefined };

/** What a conversation tells its worker, which sends spans and shows metrics for all of them. */
export type News =
  | { kind: 'turn'; figures: TurnFigures }
  /** `lost`: spans that there was no room for since the last news of this kind. */
  | { kind: 'span'; span: Span; lost: number };

/** News as it travels: the channel has JSON, which has no numbers of 64 bits. */
type Sent = { case: 'arc.news'; value: unknown };

/** Of a process that was started with a channel to its parent. */
type Channel = Pick<NodeJS.Process, 'connected' | 'send'>;

/** News that may be under way; more than a busy worker leaves unread for long. */
const mostUnderWay = 512;

/**
 * Tells the worker. It never waits and never throws: spans that there is no room for are counted, and figures are few.
 *
 * @param channel of this process; where there is none, nobody is told
 */
export function newsTo(channel: Channel): {
  turn: (figures: TurnFigures) => void;
  span: (span: Span) => void;
} {
  let underWay = 0;
  let lost = 0;
  const send = (news: News): void => {
    if (channel.connected !== true) return;
    underWay += 1;
    const message: Sent = { case: 'arc.news', value: written(news) };
    channel.send?.(message, undefined, undefined, () => {
      underWay -= 1;
    });
  };
  return {
    turn: (figures) => send({ kind: 'turn', figures }),
    span: (span) => {
      if (underWay >= mostUnderWay) {
        lost += 1;
        return;
      }
      send({ kind: 'span', span, lost });
      lost = 0;
    },
  };
}

/** @returns undefined where a message is the framework's */
export function readNews(message: unknown): News | undefined {
  const { case: kind, value } = (message ?? {}) as Partial<Sent>;
  if (kind !== 'arc.news') return undefined;
  const news = value as News;
  if (news.kind !== 'span') return news;
  const { start, end } = news.span;
  return { ...news, span: { ...news.span, start: BigInt(start), end: BigInt(end) } };
}

function written(news: News): unknown {
  if (news.kind !== 'span') return news;
  const { start, end } = news.span;
  return { ...news, span: { ...news.span, start: String(start), end: String(end) } };
}
