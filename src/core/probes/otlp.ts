import { origin } from '../socket-address.ts';
import { sendSpans } from '../spans/send-spans.ts';
import { ask } from './ask.ts';
import type { ProbeKind } from './probe.ts';

/** Sends no spans, as a client of OTLP over HTTP would send some: nothing of it is kept. */
export const otlpProbe: ProbeKind = {
  kind: 'otlp',
  ask: ({ address, timeoutMilliseconds, signal }) =>
    ask({
      question: `POST ${origin(address)}/v1/traces`,
      timeoutMilliseconds,
      signal,
      run: async (over) => {
        const { status, text } = await sendSpans({
          ...{ address, signal: over },
          body: JSON.stringify({ resourceSpans: [] }),
        });
        return status === 200
          ? { ok: true, came: 'takes spans' }
          : { ok: false, came: `${status} ${text.slice(0, 200)}`.trim() };
      },
    }),
};
