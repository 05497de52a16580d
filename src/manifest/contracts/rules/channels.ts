import type { Message } from '../../../contracts/model.ts';
import { covers } from '../../../contracts/subjects.ts';
import type { Problem } from '../../../core/errors.ts';
import { nearest } from '../../../core/nearest.ts';
import { type Given, placeIn } from './rule.ts';

/** A message is somewhere, and what it says about a place has that place. */
export function checkChannels(given: Given): readonly Problem[] {
  return given.contracts.messages.flatMap((message) => checkMessage(given, message));
}

function checkMessage(given: Given, message: Message): readonly Problem[] {
  const { name, nats, pulsar, bridge, subscribers } = message;
  const problems: Problem[] = [];
  const add = (text: string, suggestion: string, ...path: readonly (string | number)[]): void => {
    problems.push({
      code: 'contract-channel',
      message: text,
      suggestion,
      location: placeIn(given, message, ...path),
    });
  };
  if (nats === undefined && pulsar === undefined)
    add(
      `The message ${name} is on neither NATS nor Pulsar.`,
      'add `nats: { subject: … }` or `pulsar: { topic: … }`',
    );
  if (nats === undefined && subscribers.length > 0)
    add(
      `The message ${name} has subscribers, but no subject.`,
      'add `nats`, or declare `pulsar.subscriptions`',
      'subscribers',
    );
  if (bridge !== undefined && (nats?.stream === undefined || pulsar === undefined))
    add(
      `The bridge of ${name} has no ${pulsar === undefined ? 'topic to lead to' : 'stream to read from'}.`,
      pulsar === undefined
        ? 'add `pulsar`'
        : 'add `nats.stream`, so that nothing is lost while Pulsar is away',
      'bridge',
    );
  for (const [index, { consumer }] of subscribers.entries()) {
    if (consumer !== undefined && nats?.stream === undefined)
      add(
        `The consumer ${consumer.durable} has no stream to read.`,
        'add `nats.stream`',
        'subscribers',
        index,
        'consumer',
      );
  }
  return [...problems, ...checkLetters(given, message), ...checkReply(given, message)];
}

/** What is read from a stream leaves it as a dead letter only once another stream has that. */
function checkLetters(given: Given, message: Message): readonly Problem[] {
  const { name, nats, bridge, subscribers } = message;
  const isReadFromStream = bridge !== undefined || subscribers.some(({ consumer }) => consumer !== undefined);
  if (nats?.stream === undefined || !isReadFromStream || !given.complete) return [];
  const keeps = given.contracts.streams.some(
    ({ retention, subjects }) =>
      retention === 'limits' && subjects.some((pattern) => covers(pattern, nats.dead)),
  );
  if (keeps) return [];
  return [
    {
      code: 'contract-channel',
      message: `No stream keeps the dead letters of ${name}, so a message that nobody can read would block its readers.`,
      suggestion: `declare a stream with \`retention: limits\` and the subject ${message.domain}.dead.>`,
      location: placeIn(given, message, 'nats'),
    },
  ];
}

function checkReply(given: Given, message: Message): readonly Problem[] {
  const reply = message.nats?.reply;
  const { messages } = given.contracts;
  if (reply === undefined || !given.complete || messages.some(({ name }) => name === reply)) return [];
  const meant = nearest(
    reply,
    messages.map(({ name }) => name),
  );
  return [
    {
      code: 'contract-reference',
      message: `No message has the name ${reply}.`,
      suggestion: meant === undefined ? 'declare it under `messages`' : `did you mean \`${meant}\`?`,
      location: placeIn(given, message, 'nats', 'reply'),
    },
  ];
}
