import { IngressInfo, IngressInput } from '@livekit/protocol';
import { describe, expect, it } from 'vitest';
import { refusalOf } from './url.ts';

const pulling = (url: string, values: Partial<IngressInfo> = {}): IngressInfo =>
  new IngressInfo({ inputType: IngressInput.URL_INPUT, url, ...values });

describe('a URL', () => {
  it.each(['http://example.org/film.mp4', 'https://user:word@example.org:8443/live.m3u8?token=1'])(
    'such as %s can be pulled',
    (url) => expect(refusalOf(pulling(url))).toBeUndefined(),
  );

  it.each([
    ['of SRT', pulling('srt://example.org:9000'), 'unimplemented', 'needs the upstream flavour'],
    ['of a file', pulling('file:///etc/passwd'), 'unimplemented', 'needs the upstream flavour'],
    ['that is none', pulling('film.mp4'), 'invalid_argument', 'the URL is none'],
    [
      'of a disabled ingress',
      pulling('http://example.org', { enabled: false }),
      'permission_denied',
      'session is disabled',
    ],
    [
      'of another kind of ingress',
      pulling('http://example.org', { inputType: IngressInput.RTMP_INPUT }),
      'invalid_argument',
      'invalid ingress type',
    ],
  ])('%s is refused', (_, info, code, words) => {
    expect(refusalOf(info)).toMatchObject({ code, message: expect.stringContaining(words) });
  });
});
