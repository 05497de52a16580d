import { expect, it } from 'vitest';
import type { VoiceTurn } from '../../../providers/voice.ts';
import { waterfallSvg, waterfallText } from './waterfall.ts';

const turn: VoiceTurn = {
  question: 'Who is <here>?',
  heard: 'Who is here?',
  answer: 'one person',
  milliseconds: 800,
  stages: [
    { name: 'transport', milliseconds: 400 },
    { name: 'endpointing', milliseconds: 300 },
    { name: 'hearing', milliseconds: 0 },
    { name: 'thinking', milliseconds: 20 },
    { name: 'speaking', milliseconds: 80 },
  ],
};

it('shows each part of the wait after the one before it', () => {
  expect(waterfallText(turn).split('\n')).toEqual([
    'asked     Who is <here>?',
    'heard     Who is here?',
    'answered  one person',
    'after     800 ms, from the end of the question to the first sound of the answer',
    '',
    `  way in and out, and its detection  ${'█'.repeat(20)}${' '.repeat(20)}   400 ms`,
    `  silence waited for                 ${' '.repeat(20)}${'█'.repeat(15)}${' '.repeat(5)}   300 ms`,
    `  hearing that took longer           ${' '.repeat(40)}     0 ms`,
    `  thinking                           ${' '.repeat(35)}█${' '.repeat(4)}    20 ms`,
    `  first sound of the voice           ${' '.repeat(36)}████    80 ms`,
  ]);
});

it('says where an agent that is not arc’s does not tell its part', () => {
  const { stages, heard, ...bare } = turn;
  expect(stages).toHaveLength(5);
  expect(heard).toBe('Who is here?');
  expect(waterfallText(bare)).toContain('the agent does not tell its part');
});

it('is a picture with the same parts', () => {
  const svg = waterfallSvg(turn);
  expect(svg).toContain('Who is &lt;here&gt;? – 800 ms');
  expect(svg.match(/class="bar"/g)).toHaveLength(5);
});
