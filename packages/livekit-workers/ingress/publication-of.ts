import { type IngressInfo, TrackSource } from '@livekit/protocol';
import { askedPicture } from './asked-picture.ts';
import type { IngressConfig } from './config.ts';
import type { Input, Publication } from './publication.ts';
import { ingressToken } from './token.ts';

/** What the process of a stream is given, as the ingress asks for it. */
export async function publicationOf(options: {
  config: IngressConfig;
  info: IngressInfo;
  input: Input;
  /** Tells this stream from the others of the same ingress. */
  resourceId: string;
}): Promise<Publication> {
  const { config, info, input, resourceId } = options;
  return {
    wsUrl: config.wsUrl,
    token: await ingressToken({ config, info, resourceId }),
    input,
    largest: askedPicture(info.video),
    audio: { name: info.audio?.name ?? '', source: info.audio?.source || TrackSource.MICROPHONE },
    video: { name: info.video?.name ?? '', source: info.video?.source || TrackSource.CAMERA },
  };
}
