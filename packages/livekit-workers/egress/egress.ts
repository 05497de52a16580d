import { type EgressInfo, EgressStatus as Status } from '@livekit/protocol';
import { RpcError } from '../rpc/error.ts';
import { now } from '../rpc/time.ts';
import type { EgressConfig } from './config.ts';
import { fileOutput } from './file-output.ts';
import { httpCodes } from './http-codes.ts';
import { type Job, type JobEnd, startJob } from './job.ts';
import { type Output, showAll } from './output.ts';
import type { Plan } from './planned.ts';
import type { Container, EndReason, Failure, SourceFacts, StreamNews } from './recording.ts';
import type { ScratchFolder } from './scratch.ts';
import { segmentsOutput } from './segments-output.ts';
import { namePartsOf } from './starting-info.ts';
import { streamsOutput } from './streams-output.ts';
import { egressToken } from './token.ts';

/** Upstream's words for why a recording ended (livekit/protocol, `livekit/egress.go`). */
export type Ending =
  | 'StopEgress API'
  | 'Source closed'
  | 'Process killed'
  | 'All streams stopped'
  | 'Session limit reached'
  | 'Failure';

const endings: Readonly<Record<EndReason, Ending>> = {
  stopped: 'StopEgress API',
  'source-closed': 'Source closed',
};

/** One egress, from its start to the objects in its bucket. */
export type Egress = {
  info: () => EgressInfo;
  /** The recording ends in order; what follows is told by `changed`. */
  stop: (why: Ending) => void;
  /** @throws RpcError for what could not be done of it */
  updateStream: (change: { add: readonly string[]; remove: readonly string[] }) => void;
  /** Resolves after the last state. */
  over: Promise<void>;
};

/**
 * @param options.changed told of every new state
 * @param options.report told of what ends nothing: a note that could not be kept, because the disk is full
 * @param options.signal ends attempts at an upload
 */
export function record(options: {
  info: EgressInfo;
  plan: Plan;
  config: EgressConfig;
  folder: ScratchFolder;
  changed: (info: EgressInfo) => void;
  report: (cause: unknown) => void;
  signal: AbortSignal;
}): Egress {
  const { info, plan, config, folder, changed, report } = options;
  const { outputs, file, segments, streams } = outputsOf({ ...options, refused: () => end('Failure') });
  let hasBegun = false;
  let ending: Ending | undefined;
  /** Nothing takes what is streamed any more, and there is nothing else. */
  let unheard: Failure | undefined;
  let job: Job | undefined;
  let limit: NodeJS.Timeout | undefined;

  const change = (values: Partial<EgressInfo>): void => {
    Object.assign(info, values);
    show();
    changed(info);
  };
  const show = (): void => {
    info.updatedAt = now();
    showAll(info, outputs);
  };
  const keepNote = (isWhole = false): Promise<void> =>
    folder.keep({
      egressId: info.egressId,
      info: info.toJson(),
      ...Object.assign({}, ...outputs.map((output) => output.note())),
      ...(isWhole ? { isWhole } : {}),
    });
  const end = (why: Ending): void => {
    if (ending) return;
    ending = why;
    change({ status: Status.EGRESS_ENDING, details: `End reason: ${why}` });
    job?.stop();
  };

  const active = (container: Container | undefined, facts: SourceFacts): void => {
    const [parts, at] = [namePartsOf(info, facts), now()];
    hasBegun = true;
    for (const output of outputs) output.begin({ parts, at, ...(container ? { container } : {}) });
    change(ending ? {} : { status: Status.EGRESS_ACTIVE });
    const most = longestOf(plan, config);
    if (most !== undefined) limit = setTimeout(() => end('Session limit reached'), most * 1_000);
    keepNote().catch(report);
  };
  const heard = (news: StreamNews): void => {
    if (streams?.told(news)) change({});
    if (news.kind !== 'lost' || file || segments || streams?.orders().length !== 0) return;
    unheard = { code: 'unavailable', reason: news.reason };
    end('Failure');
  };

  const fail = ({ code, reason }: Failure, why: Ending = 'Failure'): void => {
    streams?.close(true);
    change({
      status: Status.EGRESS_FAILED,
      error: reason,
      errorCode: httpCodes[code],
      details: `End reason: ${why}`,
      endedAt: now(),
    });
  };

  const conclude = async (over: JobEnd): Promise<void> => {
    clearTimeout(limit);
    if (!hasBegun) {
      if (over.kind === 'failed') fail(over.failure);
      else abort(over.end);
      await folder.remove();
      return;
    }
    const failure = unheard ?? over.failure;
    if (over.kind === 'finished') {
      ending ??= endings[over.end];
      for (const output of outputs) output.end(over.seconds);
      if (over.frozen > 0) report(`the encoder was behind, and ${over.frozen} pictures stood still`);
    }
    streams?.close(failure !== undefined);
    if (info.status !== Status.EGRESS_ENDING)
      change({ status: Status.EGRESS_ENDING, details: `End reason: ${failure ? 'Failure' : ending}` });
    await keepNote(!failure).catch(report);
    const problems: Failure[] = [];
    for (const output of outputs) {
      const problem = await output.deliver();
      if (problem) problems.push(problem);
    }
    const [problem] = problems;
    if (problem) {
      // Of a recording that went wrong nothing may be there, which is not what was wrong.
      if (problem.code === 'internal') fail(failure ?? problem);
      // What was recorded is right, and so is why it ended.
      else fail(problem, failure ? 'Failure' : ending);
      await keepNote().catch(report);
      return;
    }
    if (failure) fail(failure);
    else if (ending === 'Session limit reached')
      change({ status: Status.EGRESS_LIMIT_REACHED, error: ending, errorCode: 413, endedAt: now() });
    else change({ status: Status.EGRESS_COMPLETE, endedAt: now() });
    await folder.remove();
  };
  /** Nothing was recorded. In upstream's words, whose template gives a sign when there is something to see. */
  const abort = (end: EndReason): void => {
    streams?.close(false);
    const waitsForSign = plan.source.kind === 'room' && plan.video;
    change({
      status: Status.EGRESS_ABORTED,
      error: waitsForSign ? 'Start signal not received' : 'Stop called before pipeline could start',
      errorCode: 412,
      details: `End reason: ${ending ?? endings[end]}`,
      endedAt: now(),
    });
  };

  const run = async (): Promise<void> => {
    await keepNote();
    const token = await egressToken({ config, egressId: info.egressId, roomName: info.roomName });
    const { source, audio, video, encoding } = plan;
    job = startJob({
      recording: {
        ...{ wsUrl: config.wsUrl, token, source, audio, video, encoding, folder: folder.path },
        ...(plan.outputs.file ? { container: plan.outputs.file.container } : {}),
        ...(plan.outputs.segments ? { segmentSeconds: plan.outputs.segments.seconds } : {}),
        ...(streams ? { streams: streams.orders() } : {}),
      },
      told: (message) => {
        switch (message.kind) {
          case 'active':
            return active(message.container, message.facts);
          case 'segment':
            return segments?.add(message.segment);
          case 'stream':
            return heard(message.news);
          default:
            message satisfies never;
        }
      },
    });
    if (ending) job.stop();
    await conclude(await job.ended);
  };

  return {
    info: () => info,
    stop: end,
    updateStream: ({ add, remove }) => {
      if (!streams) throw new RpcError('invalid_argument', 'UpdateStream called on non-streaming egress');
      if (ending) throw new RpcError('failed_precondition', 'the egress is ending');
      const { added, removed, wrong } = streams.update({ add, remove });
      job?.addStreams(added);
      job?.removeStreams(removed);
      if (removed.length > 0 && !file && !segments && streams.orders().length === 0)
        end('All streams stopped');
      else if (removed.length > 0) change({});
      else show();
      if (wrong) throw wrong;
    },
    over: run().catch((cause) =>
      fail({ code: 'internal', reason: cause instanceof Error ? cause.message : String(cause) }),
    ),
  };
}

/** The shortest of the limits of what it makes, in seconds. */
function longestOf(
  { outputs }: Pick<Plan, 'outputs'>,
  { sessionLimits }: Pick<EgressConfig, 'sessionLimits'>,
): number | undefined {
  const limits = [
    outputs.file && sessionLimits.file,
    outputs.segments && sessionLimits.segments,
    outputs.streams && sessionLimits.stream,
  ].filter((seconds) => seconds !== undefined);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

function outputsOf(options: {
  info: EgressInfo;
  plan: Plan;
  config: EgressConfig;
  folder: ScratchFolder;
  report: (cause: unknown) => void;
  signal: AbortSignal;
  refused: () => void;
}) {
  const { info, plan, config, folder, report, signal, refused } = options;
  const planned = plan.outputs;
  const common = { folder, report, signal, refused, expected: namePartsOf(info) };
  const file =
    planned.file &&
    fileOutput({ planned: planned.file, isOwnBucket: planned.file.s3 === config.s3, ...common });
  const segments =
    planned.segments &&
    segmentsOutput({ planned: planned.segments, isOwnBucket: planned.segments.s3 === config.s3, ...common });
  const streams = planned.streams && streamsOutput(planned.streams.urls);
  const outputs: Output[] = [file, segments, streams].filter((output) => output !== undefined);
  return { outputs, file, segments, streams };
}
