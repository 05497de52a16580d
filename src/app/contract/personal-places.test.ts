import { expect, test } from 'vitest';
import { demoContracts } from '../../../tests/support/client-programs.ts';
import { personalPlaces } from './personal-places.ts';

test('what becomes unreadable is named by message, field and place', () => {
  expect(personalPlaces(demoContracts())).toEqual([
    {
      message: 'note-kept',
      fields: ['/text', '/lines/*/said'],
      keptIn: ['NATS stream demo-notes', 'persistent://arc/notes/kept'],
    },
    { message: 'question-asked', fields: ['/text'], keptIn: [] },
  ]);
});
