import { expect, it } from 'vitest';
import { sentenceEnd } from './sentence-end.ts';

it.each([
  'Which services are unhealthy,',
  'Start a recording and',
  'I would like to know which',
  'Tell me about',
  'Could you tell me',
  'Is any.',
  'If the cache is down.',
  'Well…',
  'One more question.',
  'Okay, and now.',
  'Before we begin.',
])('a turn goes on after "%s"', (text) => expect(sentenceEnd(text)).toBe('open'));

it.each([
  'Is the stack healthy?',
  'Who is it for?',
  'When the cache is down, what happens?',
  'Yes.',
  'No, thank you.',
  'Okay. How many rooms are open?',
  'which rooms are open.',
  'Record this room, please.',
  'Do you know what time it is?',
  'Good evening.',
  'So, is anything broken.',
  'Okay, and now, which rooms are open.',
  'Let me ask you, are we being recorded?',
])('a turn can end with "%s"', (text) => expect(sentenceEnd(text)).toBe('whole'));

it.each(['Record this room.', 'What time', 'The rooms.', 'Tell me how many rooms there are.', 'Okay.', ''])(
  '"%s" says nothing of its end',
  (text) => expect(sentenceEnd(text)).toBe('unsure'),
);
