import { setTimeout as sleep } from 'node:timers/promises';
import { EgressInfo, EgressStatus as Status, StreamInfo_Status as StreamState } from '@livekit/protocol';
import type { IoInfo } from '../rpc/io-info.ts';
import { now } from '../rpc/time.ts';
import type { Log } from '../worker/log.ts';
import type { EgressConfig } from './config.ts';
import { NotRecovered } from './not-recovered.ts';
import { recoverFile } from './recover-file.ts';
import { recoverSegments } from './recover-segments.ts';
import { type Note, scratchFolder } from './scratch.ts';

/**
 * Brings to an end what an earlier start of the worker has left in its scratch folder: recordings become whole files and go to
 * their bucket, and egresses that the server still takes for running have failed. What cannot be sent now stays for the next start.
 */
export async function recover(options: {
  notes: readonly Note[];
  scratch: string;
  config: EgressConfig;
  io: IoInfo;
  log: Log;
  signal: AbortSignal;
}): Promise<void> {
  const { notes, io, log, signal } = options;
  if (notes.length === 0) return;
  const active = new Map((await running({ io, log, signal })).map((info) => [info.egressId, info]));
  for (const note of notes) {
    const { egressId } = note;
    try {
      const noted = EgressInfo.fromJson(note.info as never);
      const info = active.get(egressId) ?? noted;
      // The worker was killed while it sent the file, which is whole.
      const isWhole = info !== noted && note.isWhole === true;
      if (info !== noted && !isWhole) {
        // First of all: whoever waits for it shall not wait for the upload.
        Object.assign(info, {
          status: Status.EGRESS_FAILED,
          error: 'The worker was killed while it was recording.',
          errorCode: 500,
          details: 'End reason: Process killed',
          endedAt: now(),
          updatedAt: now(),
        });
        for (const stream of info.streamResults)
          if (stream.status === StreamState.ACTIVE)
            Object.assign(stream, { status: StreamState.FAILED, endedAt: now() });
        await io.updateEgress(info, signal);
      }
      const sent = isWhole ? { status: Status.EGRESS_COMPLETE, endedAt: now() } : {};
      await deliver({ ...options, note, info, sent });
    } catch (cause) {
      log('recovery', { egressId, error: cause instanceof Error ? cause.message : String(cause) });
    }
  }
}

/** What the server takes for running; asked until it answers, for it may start later than its workers. */
async function running(options: {
  io: IoInfo;
  log: Log;
  signal: AbortSignal;
}): Promise<readonly EgressInfo[]> {
  const { io, log, signal } = options;
  for (;;) {
    try {
      return await io.listEgress(true, signal);
    } catch (cause) {
      if (signal.aborted) throw cause;
      log('recovery', { waitsFor: String(cause) });
    }
    await sleep(askAgainAfter, undefined, { signal });
  }
}

async function deliver(options: {
  scratch: string;
  config: EgressConfig;
  io: IoInfo;
  log: Log;
  signal: AbortSignal;
  note: Note;
  info: EgressInfo;
  /** What becomes of the egress when its file is there. */
  sent: Partial<EgressInfo>;
}): Promise<void> {
  const { scratch, config, io, log, signal, note, info } = options;
  const folder = await scratchFolder(scratch, note.egressId);
  try {
    const isFile = await recoverFile({ note, folder, info, own: config.s3, signal });
    const isSegments = await recoverSegments({ note, folder, info, own: config.s3, signal });
    if (isFile || isSegments) {
      Object.assign(info, options.sent, { updatedAt: now() });
      await io.updateEgress(info, signal);
      log('recovered', { egressId: note.egressId });
    }
  } catch (cause) {
    const error = cause instanceof Error ? cause.message : String(cause);
    const errorCode = cause instanceof NotRecovered ? cause.errorCode : 503;
    const failed = { status: Status.EGRESS_FAILED, error, errorCode, endedAt: now(), updatedAt: now() };
    if (options.sent.status !== undefined) await io.updateEgress(Object.assign(info, failed), signal);
    throw cause;
  }
  await folder.remove();
}

/** Milliseconds. */
const askAgainAfter = 2_000;
