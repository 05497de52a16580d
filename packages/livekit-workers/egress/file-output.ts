import { FileInfo } from '@livekit/protocol';
import { nanoseconds, now } from '../rpc/time.ts';
import { contentTypes } from './content-types.ts';
import { sendFile, uploadFailure } from './delivery.ts';
import { type NameParts, objectName } from './file-name.ts';
import { finishFile } from './finish.ts';
import type { Output, Shown } from './output.ts';
import type { PlannedOutputs } from './plan-outputs.ts';
import type { NotedFile, ScratchFolder } from './scratch.ts';

type PlannedFile = NonNullable<PlannedOutputs['file']>;

/** What is known of the file before there is one; a track alone decides what it will be. */
export function expectedFile({ filepath, container }: PlannedFile, parts: NameParts): FileInfo {
  if (container === 'of-the-track') return new FileInfo();
  return new FileInfo({ filename: objectName({ template: filepath, parts, container }) });
}

export const shownFile = (file: FileInfo): Shown => ({
  show: (info) => {
    info.fileResults = [file];
  },
  showAlone: (info) => {
    info.result = { case: 'file', value: file };
  },
});

/**
 * The recording as one file.
 *
 * @param options.expected what its name is made of, as long as nothing is recorded
 * @param options.isOwnBucket the bucket is the worker's, whose secrets are not written down
 * @param options.report told of what is wrong and ends nothing
 */
export function fileOutput(options: {
  planned: PlannedFile;
  expected: NameParts;
  isOwnBucket: boolean;
  folder: ScratchFolder;
  report: (cause: unknown) => void;
  signal: AbortSignal;
}): Output {
  const { planned, expected, isOwnBucket, folder, report, signal } = options;
  const { s3 } = planned;
  const file = expectedFile(planned, expected);
  let object: Omit<NotedFile, 's3'> | undefined;

  return {
    begin: ({ parts, container, at }) => {
      if (!container) return;
      const key = objectName({ template: planned.filepath, parts, container });
      object = { key, container };
      Object.assign(file, { filename: key, startedAt: at });
    },
    end: (seconds) => {
      Object.assign(file, { endedAt: now(), duration: nanoseconds(seconds * 1_000) });
    },
    deliver: async () => {
      if (!object) return undefined;
      const { key, container } = object;
      const { finished } = folder;
      try {
        const unfinished = await finishFile({ from: folder.file, to: finished, container });
        if (unfinished) report(`${key} is sent as it was written: ${unfinished}`);
      } catch (cause) {
        return { code: 'internal', reason: cause instanceof Error ? cause.message : String(cause) };
      }
      const contentType = contentTypes[container];
      const uploaded = await sendFile({ key, contentType, file: finished, s3, signal });
      if ('failed' in uploaded) return uploadFailure(uploaded, `the file is kept in ${finished}`);
      Object.assign(file, { location: uploaded.location, size: BigInt(uploaded.size) });
      return undefined;
    },
    ...shownFile(file),
    note: () => (object ? { file: { ...object, ...(isOwnBucket ? {} : { s3 }) } } : {}),
  };
}
