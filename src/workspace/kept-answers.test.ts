import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepAnswer, readKeptAnswer } from './kept-answers.ts';

const name = { service: 'streaming', check: 'dead-letters' };
const kept = {
  at: new Date('2026-03-01T12:00:00Z'),
  about: ['broker-1'],
  answer: { ok: true, question: 'event', reply: 'arrived', milliseconds: 8_000, warns: true },
} as const;
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'arc-kept-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the last answer to a check', () => {
  test('is read as it was kept, the newest alone', () => {
    expect(readKeptAnswer({ root, ...name })).toBeUndefined();
    keepAnswer({ root, ...name, kept: { ...kept, about: ['another'] } });
    keepAnswer({ root, ...name, kept });
    expect(readKeptAnswer({ root, ...name })).toEqual(kept);
    expect(readKeptAnswer({ root, service: 'streaming', check: 'backlog' })).toBeUndefined();
  });

  test('is kept where git and other users do not look', () => {
    keepAnswer({ root, ...name, kept });
    expect(readFileSync(join(root, '.arc/.gitignore'), 'utf8')).toBe('*\n');
    expect(statSync(join(root, '.arc')).mode & 0o777).toBe(0o700);
  });

  test.each([
    ['is no JSON', 'yes'],
    ['has no answer', '{ "at": "2026-03-01T12:00:00Z", "about": [] }'],
    ['has no time', '{ "at": "soon", "about": [], "answer": {} }'],
    [
      'has an answer that says neither yes nor no',
      '{ "at": "2026-03-01T12:00:00Z", "about": [], "answer": { "question": "", "reply": "", "milliseconds": 1 } }',
    ],
  ])('is an error if its file %s', (_, text) => {
    const path = join(root, '.arc/answers/streaming/dead-letters.json');
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    expect(() => readKeptAnswer({ root, ...name })).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ code: 'kept-answer-unreadable' })] }),
    );
  });
});
