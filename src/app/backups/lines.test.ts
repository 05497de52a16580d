import { expect, test } from 'vitest';
import { parseBackupLine } from './lines.ts';

test('a line of the backup program is a step, an answer or a failure', () => {
  expect(parseBackupLine('{"type":"step","doing":"dumping app","bytes":7}')).toEqual({
    type: 'step',
    doing: 'dumping app',
    bytes: 7,
  });
  expect(parseBackupLine('{"type":"answer","answer":[1]}')).toEqual({ type: 'answer', answer: [1] });
  expect(parseBackupLine('{"type":"failure","message":"no"}')).toEqual({ type: 'failure', message: 'no' });
});

test.each(['Warning: something', '7', 'null', '{"type":"step"}', '{"type":"other"}'])(
  '%s is none of its lines',
  (line) => {
    expect(parseBackupLine(line)).toBeUndefined();
  },
);
