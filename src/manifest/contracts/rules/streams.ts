import type { Message, Stream } from '../../../contracts/model.ts';
import { covers, overlap } from '../../../contracts/subjects.ts';
import type { Problem, SourceLocation } from '../../../core/errors.ts';
import { nearest } from '../../../core/nearest.ts';
import { placeOf } from '../../build/read.ts';
import { at, type Given, placeIn } from './rule.ts';

/** Streams keep what belongs to them, and no two keep the same subject, which NATS refuses. */
export function checkStreams(given: Given): readonly Problem[] {
  const { streams, messages } = given.contracts;
  return [
    ...streams.flatMap((stream, index) => checkStream(given, stream, streams.slice(0, index))),
    ...messages.flatMap((message) => checkMessage(given, message)),
  ];
}

function checkStream(given: Given, stream: Stream, before: readonly Stream[]): readonly Problem[] {
  const { domain, name } = stream;
  const problems: Problem[] = [];
  for (const [index, subject] of stream.subjects.entries()) {
    const location = placeOfSubject(given, stream, index);
    if (!subject.startsWith(`${domain}.`))
      problems.push({
        code: 'contract-subject',
        message: `The stream ${name} of the domain ${domain} keeps ${subject}, which is not a subject of it.`,
        suggestion: `begin it with ${domain}.`,
        location,
      });
    const others = [...before.flatMap((other) => other.subjects.map((pattern) => ({ other, pattern })))];
    const own = stream.subjects.slice(0, index).map((pattern) => ({ other: stream, pattern }));
    const [clash] = [...others, ...own].filter(({ pattern }) => overlap(pattern, subject));
    if (clash !== undefined)
      problems.push({
        code: 'contract-overlap',
        message: `The subjects ${subject} and ${clash.pattern} overlap.`,
        detail: [
          `${clash.pattern} is kept by the stream ${clash.other.name}, at ${at(clash.other.location)}`,
        ],
        suggestion: 'keep each subject in one stream only',
        location,
      });
  }
  return problems;
}

function placeOfSubject(given: Given, stream: Stream, index: number): SourceLocation {
  const file = given.files.find(({ file }) => file === stream.location.file);
  return file === undefined ? stream.location : placeOf(file.part, 'streams', stream.name, 'subjects', index);
}

/** A message names the stream that keeps it: a subject is in a stream by intent, and never by its pattern alone. */
function checkMessage(given: Given, message: Message): readonly Problem[] {
  const { nats } = message;
  if (nats === undefined) return [];
  const { streams } = given.contracts;
  const keeps = streams.filter(({ subjects }) => subjects.some((pattern) => covers(pattern, nats.subject)));
  const location = placeIn(given, message, 'nats', 'stream');
  const named = streams.find(({ name }) => name === nats.stream);
  const [unnamed] = keeps.filter(({ name }) => name !== nats.stream);
  if (nats.stream !== undefined && named === undefined) {
    if (!given.complete) return [];
    const meant = nearest(
      nats.stream,
      streams.map(({ name }) => name),
    );
    return [
      {
        code: 'contract-reference',
        message: `No stream has the name ${nats.stream}.`,
        suggestion: meant === undefined ? 'declare it under `streams`' : `did you mean \`${meant}\`?`,
        location,
      },
    ];
  }
  if (named !== undefined && !keeps.includes(named))
    return [
      {
        code: 'contract-reference',
        message: `The stream ${named.name} does not keep ${nats.subject}.`,
        suggestion: `add ${nats.subject} to its subjects`,
        location,
      },
    ];
  if (unnamed !== undefined)
    return [
      {
        code: 'contract-reference',
        message: `The stream ${unnamed.name} keeps ${nats.subject}, but the message ${message.name} does not name it.`,
        suggestion: `add \`stream: ${unnamed.name}\`, or narrow the stream's subjects`,
        location,
      },
    ];
  return [];
}
