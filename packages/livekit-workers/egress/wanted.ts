import {
  type DirectFileOutput,
  EncodedFileOutput,
  type Output,
  SegmentedFileOutput,
  type StorageConfig,
  StreamOutput,
} from '@livekit/protocol';
import type { Upload } from './destination.ts';
import { invalid, needsUpstream } from './refusal.ts';

/** The outputs that a request asks for, of whichever kind it is. */
export type Wanted = {
  file?: { fileType: EncodedFileOutput['fileType']; filepath: string; upload: Upload };
  stream?: StreamOutput;
  segments?: { segments: SegmentedFileOutput; upload: Upload };
};

/** The requests for one kind of recording; an old form of them has one output alone. */
type Encoded = {
  output?: { case: string | undefined; value?: unknown };
  fileOutputs: readonly EncodedFileOutput[];
  streamOutputs: readonly StreamOutput[];
  segmentOutputs: readonly SegmentedFileOutput[];
  imageOutputs: readonly unknown[];
};

export function wantedOf(request: Encoded): Wanted {
  if (request.imageOutputs.length > 0) throw needsUpstream('an image output');
  const old = request.output?.value;
  const file =
    only(request.fileOutputs, 'multiple file outputs') ??
    (old instanceof EncodedFileOutput ? old : undefined);
  const stream =
    only(request.streamOutputs, 'multiple stream outputs') ?? (old instanceof StreamOutput ? old : undefined);
  const segments =
    only(request.segmentOutputs, 'multiple segmented file outputs') ??
    (old instanceof SegmentedFileOutput ? old : undefined);
  return {
    ...(file ? { file: { fileType: file.fileType, filepath: file.filepath, upload: file.output } } : {}),
    ...(stream ? { stream } : {}),
    ...(segments ? { segments: { segments, upload: segments.output } } : {}),
  };
}

/** The request for any kind of recording, whose outputs may each have a place, or all of them one. */
export function wantedOfAny(request: { outputs: readonly Output[]; storage?: StorageConfig }): Wanted {
  const { outputs, storage } = request;
  const wanted: Wanted = {};
  for (const { config, storage: own } of outputs) {
    const upload: Upload = (own ?? storage)?.provider ?? { case: undefined };
    switch (config.case) {
      case 'file':
        if (wanted.file) throw invalid('multiple file outputs');
        wanted.file = { fileType: config.value.fileType, filepath: config.value.filepath, upload };
        break;
      case 'stream':
        if (wanted.stream) throw invalid('multiple stream outputs');
        wanted.stream = config.value;
        break;
      case 'segments':
        if (wanted.segments) throw invalid('multiple segmented file outputs');
        wanted.segments = { segments: config.value, upload };
        break;
      case 'images':
        throw needsUpstream('an image output');
      case undefined:
        throw invalid('output config');
    }
  }
  return wanted;
}

/** A track alone has one file. */
export const wantedFile = ({ filepath, output }: DirectFileOutput): NonNullable<Wanted['file']> => ({
  fileType: 0,
  filepath,
  upload: output,
});

function only<T>(outputs: readonly T[], what: string): T | undefined {
  if (outputs.length > 1) throw invalid(what);
  return outputs[0];
}
