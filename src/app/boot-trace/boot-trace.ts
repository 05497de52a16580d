import { explain } from '../../core/probes/ask.ts';
import { redact, type Secret } from '../../core/secret.ts';
import type { PortName, Reach } from '../../core/socket-address.ts';
import { writeSpans } from '../../core/spans/otlp-write.ts';
import { sendSpans } from '../../core/spans/send-spans.ts';
import { newSpanId, newTraceId, type Span } from '../../core/spans/span.ts';
import type { Context } from '../context.ts';
import { bootSpans } from './boot-spans.ts';
import { recordSteps, steadyDate } from './record.ts';

/** A boot as it was sent. `lost`: how many of the spans were not taken; `because` says why. */
export type SentTrace = { id: string; spans: number; lost: number; because?: string };

/** The way to whoever takes spans, as the boot has left it. */
export type SpansWay = { to: PortName; reach: Reach; secrets: readonly Secret[] };

/** A boot that is watched, to be sent as a trace when it is over. */
export type BootTrace = {
  /** The caller's, with the events of steps kept. */
  context: Context;
  /** Called before something is changed; the last way counts. Without one, nothing is sent. */
  through: (way: SpansWay) => void;
  /** Sends the trace, in one request and never again. Never throws, and takes {@link longestMilliseconds} at most. */
  send: (failure?: string) => Promise<SentTrace | undefined>;
};

/**
 * A boot never waits longer than this to be rid of its trace. A receiver on this machine answers within milliseconds,
 * and what it does not take by then is lost, and counted.
 */
const longestMilliseconds = 500;

/**
 * Watches a boot.
 *
 * @param options.name of the whole: `arc up`
 * @param options.attributes what is known of the boot before it begins
 */
export function watchBoot(options: {
  context: Context;
  name: string;
  attributes: Readonly<Record<string, string>>;
}): BootTrace {
  const { context, name, attributes } = options;
  const recording = recordSteps({ emit: context.emit, now: steadyDate });
  let way: SpansWay | undefined;
  return {
    context: { ...context, emit: recording.emit },
    through: (next) => {
      way = next;
    },
    send: async (failure) => {
      if (way === undefined || context.signal.aborted) return undefined;
      const { secrets } = way;
      const spans = bootSpans({
        ...{ name, attributes, began: recording.began, moments: recording.moments },
        ...{ traceId: newTraceId(), ended: steadyDate(), newId: newSpanId },
        clean: (text) => redact(text, secrets),
        ...(failure === undefined ? {} : { failure }),
      });
      return await sendInTime({ spans, way, signal: context.signal });
    },
  };
}

async function sendInTime(options: {
  spans: readonly Span[];
  way: SpansWay;
  signal: AbortSignal;
}): Promise<SentTrace> {
  const { spans, way } = options;
  const [first] = spans;
  if (first === undefined) throw new Error('a boot is a span at least');
  const counted = { id: first.traceId, spans: spans.length };
  const limit = AbortSignal.timeout(longestMilliseconds);
  const signal = AbortSignal.any([options.signal, limit]);
  const lostAll = (because: string): SentTrace => ({ ...counted, lost: spans.length, because });
  const sent: { answer?: SentTrace } = {};
  const deliver = async (): Promise<void> => {
    await using address = await way.reach(way.to, signal);
    const { status, rejected, text } = await sendSpans({ address, body: writeSpans(spans), signal });
    const because = `${way.to.role} answered ${status} ${text}`.trim().slice(0, 300);
    if (status !== 200) sent.answer = lostAll(because);
    else sent.answer = { ...counted, lost: rejected, ...(rejected > 0 && { because }) };
  };
  try {
    // Finding the way asks the Engine, and leaving it may end a process of SSH: neither looks at the signal.
    await Promise.race([deliver(), aborted(signal)]);
    return sent.answer ?? lostAll(`no answer from ${way.to.role}`);
  } catch (cause) {
    if (sent.answer !== undefined) return sent.answer;
    // Whatever is wrong with tracing, the boot is as it is.
    return lostAll(
      limit.aborted
        ? `no answer from ${way.to.role} within ${longestMilliseconds / 1000} s`
        : `${way.to.role}: ${explain(cause)}`,
    );
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason);
    if (signal.aborted) fail();
    signal.addEventListener('abort', fail, { once: true });
  });
}
