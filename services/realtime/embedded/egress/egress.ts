import { EgressInfo, EgressSourceType, FileInfo, EgressStatus as Status } from '@livekit/protocol';
import { nanoseconds, now } from '../rpc/time.ts';
import type { EgressConfig } from './config.ts';
import { sendFile } from './delivery.ts';
import { objectName } from './file-name.ts';
import { finishFile } from './finish.ts';
import { type Job, type JobEnd, startJob } from './job.ts';
import type { Plan } from './plan.ts';
import type { Container, Failure, SourceFacts } from './recording.ts';
import type { ScratchFolder } from './scratch.ts';
import { egressToken } from './token.ts';

/** Upstream's words for why a recording ended (livekit/protocol, `livekit/egress.go`). */
export type Ending = 'StopEgress API' | 'Source closed' | 'Process killed' | 'Failure';

/** One egress, from its start to the object in its bucket. */
export type Egress = {
  info: () => EgressInfo;
  /** The recording ends in order; what follows is told by `changed`. */
  stop: (why: Ending) => void;
  /** Resolves after the last state. */
  over: Promise<void>;
};

/** HTTP's number of each of psrpc's codes, which is what the API shows. */
const httpCodes: Readonly<Record<Failure['code'], number>> = {
  not_found: 404,
  resource_exhausted: 429,
  internal: 500,
  unavailable: 503,
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
  const { info, plan, config, folder, changed, report, signal } = options;
  const file = new FileInfo();
  let object: { key: string; container: Container } | undefined;
  let ending: Ending | undefined;
  let job: Job | undefined;

  const change = (values: Partial<EgressInfo>): void => {
    Object.assign(info, values, { updatedAt: now() });
    if (object) {
      info.fileResults = [file];
      if (plan.isOld) info.result = { case: 'file', value: file };
    }
    changed(info);
  };
  const keepNote = (isWhole = false): Promise<void> =>
    folder.keep({
      egressId: info.egressId,
      info: info.toJson(),
      ...(plan.s3 === config.s3 ? {} : { s3: plan.s3 }),
      ...(object ? { object } : {}),
      ...(isWhole ? { isWhole } : {}),
    });

  const active = (container: Container, facts: SourceFacts): void => {
    const { roomName, roomId } = info;
    const parts = { ...facts, roomName, roomId, at: new Date() };
    const key = objectName({ template: plan.filepath, parts, container });
    object = { key, container };
    const startedAt = now();
    Object.assign(file, { filename: key, startedAt });
    change({ startedAt, ...(ending ? {} : { status: Status.EGRESS_ACTIVE }) });
    keepNote().catch(report);
  };

  const fail = ({ code, reason }: Failure): void =>
    change({
      status: Status.EGRESS_FAILED,
      error: reason,
      errorCode: httpCodes[code],
      details: `End reason: ${'Failure' satisfies Ending}`,
      endedAt: now(),
    });

  const conclude = async (end: JobEnd): Promise<void> => {
    if (end.kind === 'failed' && !object) {
      fail(end.failure);
      await folder.remove();
      return;
    }
    if (!object) {
      change({
        status: Status.EGRESS_ABORTED,
        error: 'Stop called before pipeline could start',
        errorCode: 412,
        endedAt: now(),
      });
      await folder.remove();
      return;
    }
    const failure = end.failure;
    if (end.kind === 'finished') {
      ending ??= end.end === 'stopped' ? 'StopEgress API' : 'Source closed';
      Object.assign(file, { endedAt: now(), duration: nanoseconds(end.seconds * 1_000) });
      if (end.frozen > 0) report(`the encoder was behind, and ${end.frozen} pictures stood still`);
    }
    if (info.status !== Status.EGRESS_ENDING)
      change({ status: Status.EGRESS_ENDING, details: `End reason: ${failure ? 'Failure' : ending}` });
    const { finished } = folder;
    let unfinished: string | undefined;
    try {
      unfinished = await finishFile({ from: folder.file, to: finished, container: object.container });
    } catch (cause) {
      fail(failure ?? { code: 'internal', reason: cause instanceof Error ? cause.message : String(cause) });
      return;
    }
    if (unfinished) report(`${object.key} is sent as it was written: ${unfinished}`);
    await keepNote(!failure).catch(report);
    const uploaded = await sendFile({ ...object, file: finished, s3: plan.s3, signal });
    if ('failed' in uploaded) {
      fail({
        code: 'unavailable',
        reason: `S3 upload failed: ${uploaded.failed}; the file is kept in ${finished}`,
      });
      await keepNote().catch(report);
      return;
    }
    Object.assign(file, { location: uploaded.location, size: BigInt(uploaded.size) });
    if (failure) fail(failure);
    else change({ status: Status.EGRESS_COMPLETE, endedAt: now() });
    await folder.remove();
  };

  const run = async (): Promise<void> => {
    await keepNote();
    const token = await egressToken({ config, egressId: info.egressId, roomName: info.roomName });
    const { source, audio, video, container, encoding } = plan;
    job = startJob({
      recording: {
        ...{ wsUrl: config.wsUrl, token, source, audio, video, container, encoding },
        file: folder.file,
      },
      active: (message) => active(message.container, message.facts),
    });
    if (ending) job.stop();
    await conclude(await job.ended);
  };

  return {
    info: () => info,
    stop: (why) => {
      if (ending) return;
      ending = why;
      change({ status: Status.EGRESS_ENDING, details: `End reason: ${why}` });
      job?.stop();
    },
    over: run().catch((cause) =>
      fail({ code: 'internal', reason: cause instanceof Error ? cause.message : String(cause) }),
    ),
  };
}

/** What the API shows of an egress that is about to begin. */
export function startingInfo(options: { egressId: string; roomId: string; plan: Plan }): EgressInfo {
  const { egressId, roomId, plan } = options;
  return new EgressInfo({
    egressId,
    roomId,
    roomName: plan.roomName,
    sourceType: EgressSourceType.SDK,
    status: Status.EGRESS_STARTING,
    updatedAt: now(),
    request: plan.shown,
  });
}
