import { spanMetrics } from '../../../spans/metrics.ts';
import { openOutbox } from '../../../spans/outbox.ts';
import { turnMeasures } from '../turn-measures.ts';
import type { News } from './news.ts';

/** Where the news of all conversations come together. */
export type NewsDesk = {
  take: (news: News) => void;
  /** What was counted, in Prometheus' text format. */
  metrics: () => string;
  /** Sends the spans that are left; takes half a second at most. */
  close: () => Promise<void>;
};

/** @param options.receiver of spans, without a path; empty or undefined for none */
export function newsDesk(options: { receiver: string | undefined }): NewsDesk {
  const { receiver } = options;
  const measures = turnMeasures();
  const outbox = receiver
    ? openOutbox({ url: receiver.replace(/\/+$/, ''), service: 'arc-agent' })
    : undefined;
  let lost = 0;
  return {
    take: (news) => {
      switch (news.kind) {
        case 'turn':
          return measures.add(news.figures);
        case 'span':
          lost += news.lost;
          return outbox?.put(news.span);
        default:
          return news satisfies never;
      }
    },
    metrics: () => {
      const { sent, lost: byReason, waiting } = outbox?.counts() ?? nothing;
      const counts = { sent, waiting, lost: { ...byReason, full: byReason.full + lost } };
      return `${measures.text().join('\n')}\n${spanMetrics(counts)}`;
    },
    close: async () => await outbox?.close(),
  };
}

const nothing = { sent: 0, lost: { full: 0, refused: 0, unsent: 0 }, waiting: 0 };
