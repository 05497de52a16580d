import type { Message, Policies, PulsarChannel } from '../../../contracts/model.ts';
import type { Problem } from '../../../core/errors.ts';
import { nearest } from '../../../core/nearest.ts';
import { type Given, placeIn, sharing } from './rule.ts';

/** What Pulsar would refuse, or ignore, is refused here. */
export function checkPulsar(given: Given): readonly Problem[] {
  const { messages, namespaces } = given.contracts;
  return [
    ...namespaces.flatMap((namespace) => {
      const text = backlogFault(namespace);
      return text === undefined
        ? []
        : [problemOf(`The namespace ${namespace.name} ${text}.`, namespace.location)];
    }),
    ...messages.flatMap((message) =>
      message.pulsar === undefined ? [] : checkTopic(given, message, message.pulsar),
    ),
  ];
}

function problemOf(message: string, location: Problem['location']): Problem {
  return {
    code: 'contract-channel',
    message,
    suggestion: 'lower the backlog, or keep more',
    ...(location === undefined ? {} : { location }),
  };
}

function checkTopic(given: Given, message: Message, topic: PulsarChannel): readonly Problem[] {
  const namespace = given.contracts.namespaces.find(({ name }) => name === topic.namespace);
  if (namespace === undefined) {
    if (!given.complete) return [];
    const meant = nearest(
      topic.namespace,
      given.contracts.namespaces.map(({ name }) => name),
    );
    return [
      {
        code: 'contract-reference',
        message: `No namespace has the name ${topic.namespace}.`,
        suggestion: meant === undefined ? 'declare it under `namespaces`' : `did you mean \`${meant}\`?`,
        location: placeIn(given, message, 'pulsar', 'namespace'),
      },
    ];
  }
  const fault = backlogFault({ ...policiesOf(namespace), ...policiesOf(topic) });
  const own = topic.retention !== undefined || topic.backlog !== undefined;
  return [
    ...(fault !== undefined && own
      ? [problemOf(`The topic ${topic.topic} ${fault}.`, placeIn(given, message, 'pulsar'))]
      : []),
    ...checkSubscriptions(given, message, topic),
  ];
}

function policiesOf({ retention, backlog }: Policies): Policies {
  return { ...(retention === undefined ? {} : { retention }), ...(backlog === undefined ? {} : { backlog }) };
}

/** Pulsar answers 412 where a backlog may be larger or older than what is kept; no limit skips the comparison. */
function backlogFault({ retention, backlog }: Policies): string | undefined {
  if (retention === undefined || backlog === undefined) return undefined;
  if (retention.size !== undefined && backlog.size !== undefined && backlog.size >= retention.size)
    return 'has a backlog as large as its retention, or larger';
  if (backlog.time !== undefined && backlog.time >= retention.time)
    return 'has a backlog as old as its retention, or older';
  return undefined;
}

function checkSubscriptions(given: Given, message: Message, topic: PulsarChannel): readonly Problem[] {
  const place = (index: number, ...path: readonly string[]) =>
    placeIn(given, message, 'pulsar', 'subscriptions', index, ...path);
  const { subscriptions } = topic;
  const unread = subscriptions.flatMap((subscription, index): Problem[] =>
    subscription.dead_letter === undefined || /shared$/.test(subscription.type)
      ? []
      : [
          {
            code: 'contract-channel',
            message: `The subscription ${subscription.name} is ${subscription.type}, and such a subscription has no dead letters.`,
            suggestion: 'make it shared or key_shared, or remove `dead_letter`',
            location: place(index, 'dead_letter'),
          },
        ],
  );
  const twice = sharing(subscriptions, ({ name }) => name).map(
    ([subscription]): Problem => ({
      code: 'contract-name',
      message: `Two subscriptions of ${topic.topic} have the name ${subscription.name}.`,
      suggestion: 'rename one of them',
      location: place(subscriptions.indexOf(subscription), 'name'),
    }),
  );
  return [...unread, ...twice];
}
