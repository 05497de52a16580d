import { describe, expect, it } from 'vitest';
import { brokeOff, plainWords, pullerArguments } from './puller.ts';

const entrance = 'http://url.pull.invalid/film.mp4';

describe('what ffmpeg says', () => {
  it.each([
    [`${entrance}: Invalid data found when processing input\n`, 'Invalid data found when processing input'],
    [
      `[in#0 @ 0x55d0] Error opening input: Invalid data found when processing input\nError opening input file ${entrance}.\nError opening input files: Invalid data found when processing input\n`,
      'Invalid data found when processing input',
    ],
    ['[http @ 0x7f2784d93940] HTTP error 404 Not Found\n', 'HTTP error 404 Not Found'],
    ['cannot open https://user:word@example.org/a?token=1 now\n', 'cannot open the URL now'],
  ])('is told without addresses: %j', (said, words) => {
    expect(plainWords(said, entrance)).toBe(words);
  });

  it('may be nothing', () => expect(plainWords('', entrance)).toBeUndefined());

  it.each([
    `[http @ 0x55c4] Stream ends prematurely at 40001, should be 134261\n${entrance}: Input/output error\n`,
    '[in#0/mov,mp4,m4a,3gp,3g2,mj2 @ 0x7f27] Error during demuxing: I/O error\n',
  ])('tells an end in the middle from the end: %j', (said) => expect(brokeOff(said)).toBe(true));

  it('may be a complaint about what could be mended', () => {
    expect(brokeOff('[http @ 0x55c4] Stream ends prematurely at 40001, should be 134261\n')).toBe(false);
  });
});

describe('the process that reaches the network', () => {
  it('opens nothing but HTTP, and is told no address', () => {
    const args = pullerArguments(entrance);
    expect(args[args.indexOf('-protocol_whitelist') + 1]).toBe('http,tcp,crypto');
    expect(args.filter((arg) => arg.includes('://'))).toEqual([entrance]);
  });
});
