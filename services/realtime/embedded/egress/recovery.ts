import { access, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { EgressInfo, FileInfo, EgressStatus as Status } from '@livekit/protocol';
import type { IoInfo } from '../rpc/io-info.ts';
import { now } from '../rpc/time.ts';
import type { Log } from '../worker/log.ts';
import type { EgressConfig } from './config.ts';
import { sendFile } from './delivery.ts';
import { finishFile } from './finish.ts';
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
  const { object } = note;
  const s3 = note.s3 ?? config.s3;
  const isWritten = await isThere(folder.file);
  const isFinished = !isWritten && (await isThere(folder.finished));
  if (!(isWritten || isFinished)) return folder.remove();
  if (!object) throw new Error(`nobody knows where ${folder.file} belongs; it is kept`);
  if (!s3) throw new Error('the bucket is not known any more');
  if (isWritten) await untilClosed(folder.file);
  if (isWritten) await finishFile({ from: folder.file, to: folder.finished, container: object.container });
  const delivered = await sendFile({ ...object, file: folder.finished, s3, signal });
  if ('failed' in delivered) {
    const error = `S3 upload failed: ${delivered.failed}; the file is kept in ${folder.finished}`;
    const failed = { status: Status.EGRESS_FAILED, error, errorCode: 503, endedAt: now(), updatedAt: now() };
    if (options.sent.status !== undefined) await io.updateEgress(Object.assign(info, failed), signal);
    throw new Error(error);
  }
  const [known] = info.fileResults;
  const result = new FileInfo({
    ...known,
    filename: object.key,
    location: delivered.location,
    size: BigInt(delivered.size),
  });
  info.fileResults = [result];
  if (info.result.case === 'file') info.result = { case: 'file', value: result };
  Object.assign(info, options.sent, { updatedAt: now() });
  await io.updateEgress(info, signal);
  log('recovered', { egressId: note.egressId, object: object.key });
  await folder.remove();
}

/** Milliseconds. */
const askAgainAfter = 2_000;

/** Where the worker alone was killed, the process of the recording is ending it just now. Milliseconds. */
const quietFor = 1_500;

/** Resolves when a file does not change any more. */
async function untilClosed(file: string): Promise<void> {
  for (;;) {
    const before = await stat(file);
    await sleep(quietFor);
    const after = await stat(file);
    if (before.size === after.size && before.mtimeMs === after.mtimeMs) return;
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
