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
      const info = active.get(egressId);
      if (info) {
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
      await deliver({ ...options, note, info: info ?? EgressInfo.fromJson(note.info as never) });
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
}): Promise<void> {
  const { scratch, config, io, log, signal, note, info } = options;
  const folder = await scratchFolder(scratch, note.egressId);
  const { object } = note;
  const s3 = note.s3 ?? config.s3;
  const isWritten = await isThere(folder.file);
  const isFinished = !isWritten && (await isThere(folder.finished));
  if (!object || !(isWritten || isFinished)) return folder.remove();
  if (!s3) throw new Error('the bucket is not known any more');
  if (isWritten) await untilClosed(folder.file);
  if (isWritten) await finishFile({ from: folder.file, to: folder.finished, container: object.container });
  const sent = await sendFile({ ...object, file: folder.finished, s3, signal });
  if ('failed' in sent) throw new Error(`${sent.failed}; the file is kept in ${folder.finished}`);
  const [known] = info.fileResults;
  const result = new FileInfo({
    ...known,
    filename: object.key,
    location: sent.location,
    size: BigInt(sent.size),
  });
  info.fileResults = [result];
  if (info.result.case === 'file') info.result = { case: 'file', value: result };
  info.updatedAt = now();
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
