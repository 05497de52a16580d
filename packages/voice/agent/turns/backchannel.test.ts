import { expect, it } from 'vitest';
import { isBackchannel } from './backchannel.ts';

it.each(['Uh-huh.', 'Mm-hmm.', 'Okay, right.', 'I see.', 'Yeah, yeah.'])(
  '"%s" only says that one listens',
  (text) => expect(isBackchannel(text)).toBe(true),
);

it.each(['Stop.', 'Okay, stop.', 'No.', 'Right now?', ''])('"%s" is a turn', (text) =>
  expect(isBackchannel(text)).toBe(false),
);
