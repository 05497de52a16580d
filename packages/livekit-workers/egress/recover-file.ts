import { type EgressInfo, FileInfo } from '@livekit/protocol';
import type { S3Settings } from './config.ts';
import { contentTypes } from './content-types.ts';
import { sendFile, uploadFailure } from './delivery.ts';
import { finishFile } from './finish.ts';
import { NotRecovered } from './not-recovered.ts';
import { isThere, untilQuiet } from './quiet.ts';
import type { Note, ScratchFolder } from './scratch.ts';

/**
 * Finishes and sends the file that an earlier start has left.
 *
 * @param options.own the worker's own bucket
 * @returns whether there was one
 * @throws where it cannot be sent; it is kept then
 */
export async function recoverFile(options: {
  note: Note;
  folder: ScratchFolder;
  info: EgressInfo;
  own: S3Settings | undefined;
  signal: AbortSignal;
}): Promise<boolean> {
  const { note, folder, info, own, signal } = options;
  const isWritten = await isThere(folder.file);
  const isFinished = !isWritten && (await isThere(folder.finished));
  if (!(isWritten || isFinished)) return false;
  if (!note.file) throw new Error(`nobody knows where ${folder.file} belongs; it is kept`);
  const { key, container } = note.file;
  const s3 = note.file.s3 ?? own;
  if (!s3) throw new Error('the bucket is not known any more');
  if (isWritten) await untilQuiet(folder.file);
  if (isWritten) await finishFile({ from: folder.file, to: folder.finished, container });
  const contentType = contentTypes[container];
  const delivered = await sendFile({ key, contentType, file: folder.finished, s3, signal });
  if ('failed' in delivered)
    throw new NotRecovered(uploadFailure(delivered, `the file is kept in ${folder.finished}`));
  const [known] = info.fileResults;
  const result = new FileInfo({
    ...known,
    filename: key,
    location: delivered.location,
    size: BigInt(delivered.size),
  });
  info.fileResults = [result];
  if (info.result.case === 'file') info.result = { case: 'file', value: result };
  return true;
}
