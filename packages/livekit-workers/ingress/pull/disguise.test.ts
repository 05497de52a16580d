import { describe, expect, it } from 'vitest';
import { disguised, disguisedPlaylist, undisguised } from './disguise.ts';

const there = (url: string): string => undisguised(new URL(disguised(url))).href;

describe('an address with TLS', () => {
  it.each([
    'https://example.org/live.m3u8',
    'https://example.org:8443/a/b.ts?token=A%2Fb&c',
    'https://[::1]:9/',
  ])('%s is asked for without, and found again', (url) => {
    expect(disguised(url)).toMatch(/^http:\/\/[0-9a-f]+\.pull\.invalid\//);
    expect(there(url)).toBe(url);
  });

  it('keeps who asks, for the reader to say so', () => {
    expect(disguised('https://user:p%40ss@example.org/a')).toMatch(/^http:\/\/user:p%40ss@[0-9a-f]+\./);
  });
});

describe('an address without TLS', () => {
  it('stays as it is', () => {
    expect(disguised('http://example.org:81/a?b')).toBe('http://example.org:81/a?b');
    expect(there('http://example.org:81/a?b')).toBe('http://example.org:81/a?b');
  });
});

describe('a playlist', () => {
  it('has its addresses with TLS replaced, and nothing else', () => {
    const text = [
      '#EXTM3U',
      '#EXT-X-KEY:METHOD=AES-128,URI="https://keys.example.org/1"',
      '#EXTINF:2,',
      'part1.ts',
      'https://example.org/part2.ts?x=1',
      'http://example.org/part3.ts',
    ].join('\n');
    const lines = disguisedPlaylist(text).split('\n');
    expect(lines[1]).toMatch(/^#EXT-X-KEY:METHOD=AES-128,URI="http:\/\/[0-9a-f]+\.pull\.invalid\/1"$/);
    expect(lines[3]).toBe('part1.ts');
    expect(lines[4]).toMatch(/^http:\/\/[0-9a-f]+\.pull\.invalid\/part2\.ts\?x=1$/);
    expect(lines[5]).toBe('http://example.org/part3.ts');
  });
});
