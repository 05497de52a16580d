import type { Readable } from 'node:stream';
import type { Input } from './publication.ts';
import type { Contents } from './pull/contents.ts';
import { pull } from './pull/puller.ts';

/** A stream whose contents are known, and which can be decoded. */
export type OpenInput = {
  contents: Contents;
  format: 'flv' | 'nut';
  /** Absent: standard input. */
  stream?: Readable;
  /** It goes on whether it is read or not; the other kind begins when it is read. */
  goesOn: boolean;
  /** Asked when nothing comes any more: what was wrong, if anything. */
  failure: () => Promise<string | undefined>;
  kill: () => void;
};

/** @throws Error in words for the owner of the stream */
export async function openInput(input: Input): Promise<OpenInput> {
  switch (input.kind) {
    case 'pushed': {
      const { audio, video, sampleRate = 0, channels = 0, width = 0, height = 0 } = input.layout;
      const { sampleAspect, framesPerSecond } = input.layout;
      return {
        contents: {
          // What an encoder sends is nothing else.
          ...(audio ? { audio: { codec: 'aac', sampleRate, channels } } : {}),
          ...(video
            ? {
                video: {
                  codec: 'h264',
                  width,
                  height,
                  ...(sampleAspect ? { sampleAspect } : {}),
                  ...(framesPerSecond ? { framesPerSecond } : {}),
                },
              }
            : {}),
        },
        format: 'flv',
        goesOn: true,
        failure: async () => undefined,
        kill: () => {},
      };
    }
    case 'pulled': {
      const { contents, stream, ended, kill } = await pull({ url: input.url });
      const failure = async (): Promise<string | undefined> => (await ended).failed;
      return { contents, format: 'nut', stream, goesOn: false, failure, kill };
    }
  }
}
