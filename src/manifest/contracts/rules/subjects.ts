import type { Message } from '../../../contracts/model.ts';
import type { Problem } from '../../../core/errors.ts';
import { at, type Given, placeIn, sharing } from './rule.ts';

/** Tokens of a subject: domain, service, entity, action; a service with one entity may leave that out. */
const tokens = { least: 3, most: 4 };

/** Subjects and topics follow one way of naming, and no two messages have the same. */
export function checkSubjects(given: Given): readonly Problem[] {
  const { messages } = given.contracts;
  return [
    ...messages.flatMap((message) => checkSubject(given, message)),
    ...messages.flatMap((message) => checkTopic(given, message)),
    ...sharing(messages, ({ nats }) => nats?.subject).map(([message, other]) =>
      same({ given, message, other, path: ['nats', 'subject'], what: 'subject' }),
    ),
    ...sharing(messages, ({ pulsar }) => pulsar?.url).map(([message, other]) =>
      same({ given, message, other, path: ['pulsar', 'topic'], what: 'topic' }),
    ),
  ];
}

function checkSubject(given: Given, message: Message): readonly Problem[] {
  const { nats, domain, version } = message;
  if (nats === undefined) return [];
  const problem = (text: string, suggestion: string): Problem[] => [
    {
      code: 'contract-subject',
      message: text,
      suggestion,
      location: placeIn(given, message, 'nats', 'subject'),
    },
  ];
  const { subject } = nats;
  const suffix = versionSuffix(subject);
  const own = suffix === undefined ? subject.split('.') : subject.split('.').slice(0, -1);
  const [first, second] = own;
  if (first !== domain)
    return problem(
      `The subject ${subject} does not begin with its domain.`,
      `begin it with ${domain}, or move the message to contracts/${first}.yaml`,
    );
  if (second === 'dead')
    return problem(
      `The subject ${subject} is one of dead letters.`,
      'give the service another name than dead',
    );
  if (own.length < tokens.least || own.length > tokens.most)
    return problem(
      `The subject ${subject} has ${own.length} tokens.`,
      'write <domain>.<service>.<entity>.<action>, such as agent.voice.track.published',
    );
  if (suffix !== wantedSuffix(version))
    return problem(
      `The subject ${subject} does not say that its message has version ${version}.`,
      version === 1
        ? `remove .v${suffix} from its end`
        : `end it with .v${version}, so that readers of other versions do not get it`,
    );
  return [];
}

function checkTopic(given: Given, message: Message): readonly Problem[] {
  const { pulsar, version } = message;
  if (pulsar === undefined) return [];
  const suffix = versionSuffix(pulsar.topic);
  if (suffix === wantedSuffix(version)) return [];
  return [
    {
      code: 'contract-subject',
      message: `The topic ${pulsar.topic} does not say that its message has version ${version}.`,
      suggestion: version === 1 ? `remove -v${suffix} from its end` : `end it with -v${version}`,
      location: placeIn(given, message, 'pulsar', 'topic'),
    },
  ];
}

/** The number behind `.v` or `-v` at the end of a name. */
function versionSuffix(name: string): number | undefined {
  const found = /[.-]v(\d+)$/.exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The first version is not named. */
function wantedSuffix(version: number): number | undefined {
  return version === 1 ? undefined : version;
}

function same(options: {
  given: Given;
  message: Message;
  other: Message;
  path: readonly string[];
  what: string;
}): Problem {
  const { given, message, other, path, what } = options;
  return {
    code: 'contract-overlap',
    message: `The messages ${message.name} and ${other.name} have the same ${what}.`,
    detail: [`the other is at ${at(placeIn(given, other, ...path))}`],
    suggestion: `give each its own ${what}, because it has one schema`,
    location: placeIn(given, message, ...path),
  };
}
