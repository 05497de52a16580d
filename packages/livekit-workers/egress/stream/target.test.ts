import { describe, expect, it } from 'vitest';
import { parseTarget, redacted } from './target.ts';

describe('the URL of a stream', () => {
  it('is split as servers want it', () => {
    expect(parseTarget('rtmp://live.example.org/app/secret-key')).toEqual({
      host: 'live.example.org',
      port: 1935,
      isSecure: false,
      tcUrl: 'rtmp://live.example.org/app',
      app: 'app',
      key: 'secret-key',
    });
  });

  it('may have a port, a longer path, a query, TLS, and an address of version 6', () => {
    expect(parseTarget('rtmps://[::1]:4443/a/b/key?token=1 live=1')).toEqual({
      host: '::1',
      port: 4443,
      isSecure: true,
      tcUrl: 'rtmps://[::1]:4443/a/b',
      app: 'a/b',
      key: 'key?token=1',
    });
  });

  it.each(['http://example.org/app/key', 'rtmp://example.org/key', 'nonsense'])('%s is refused', (url) => {
    expect(() => parseTarget(url)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });

  it('is refused without its key in the words', () => {
    expect(() => parseTarget('https://example.org/app/the-very-secret-key')).toThrow(
      'invalid url https://example.org/app/{the...key}: invalid scheme',
    );
  });

  it('is shown with the ends of its key alone, as upstream does', () => {
    expect(redacted('rtmp://example.org/app/0123456789')).toBe('rtmp://example.org/app/{012...789}');
    expect(redacted('rtmp://example.org/app/0123456 live=1')).toBe('rtmp://example.org/app/{01...56} live=1');
    expect(redacted('rtmp://example.org/app/01')).toBe('rtmp://example.org/app/{...}');
  });
});
