import type { Message } from '../../contracts/model.ts';
import { type ArcError, failed, invalid, type Problem } from '../../core/errors.ts';
import { addressOf } from '../../core/resource.ts';
import { Secret } from '../../core/secret.ts';
import type { MessageServer, MessageSystemName, MessageTools } from '../../providers/messages.ts';
import { seedOf } from '../../stack/nats-users.ts';
import { declaredSecrets, readSecrets } from '../../workspace/secrets.ts';
import type { Context } from '../context.ts';
import { providers, serversOf } from '../providers.ts';
import type { RunningStack } from '../sql/running-stack.ts';

/** A system that messages go through, and the way into its server. */
export type MessageSystem = {
  tools: MessageTools;
  /** Of the server's container. */
  role: string;
  isRunning: boolean;
  /** Runs `use` with the server; the way to it is there for as long. */
  at: <Result>(use: (server: MessageServer) => Promise<Result>) => Promise<Result>;
};

/** Every technology that messages go through, in the order in which arc chooses. */
export const allMessageTools: readonly MessageTools[] = providers.flatMap(({ messages }) => messages ?? []);

/** The systems of a workspace, whether or not they run. */
export function messageSystems(options: { context: Context; found: RunningStack }): readonly MessageSystem[] {
  const { context, found } = options;
  const { stack, running, reach } = found;
  const { signal } = context;
  return serversOf(stack).flatMap(({ provider, server }) => {
    const { messages: tools } = provider;
    if (tools === undefined) return [];
    const { at, fields } = server.probes[0];
    const { role, name } = server;
    return [
      {
        ...{ tools, role },
        isRunning: running.has(addressOf('container', name)),
        at: async (use) => {
          await using address = await reach(at, signal);
          const toPort = (port: string) => reach({ role, port }, signal);
          return await use({ role, fields, address, reach: toPort, signal });
        },
      },
    ];
  });
}

/** Where a verb finds a message. */
export type Place =
  | { kind: 'runs'; system: MessageSystem }
  | { kind: 'stopped'; problem: Problem }
  /** It is not on the system that is asked for. */
  | { kind: 'elsewhere' };

/**
 * The system that a verb uses for a message: the one that is asked for, or else the first that runs of those that the
 * message is on. Pure.
 *
 * @param options.last prefers the last system to the first
 */
export function placeOf(options: {
  systems: readonly MessageSystem[];
  message: Message;
  wanted: MessageSystemName | undefined;
  last?: boolean;
}): Place {
  const { systems, message, wanted, last = false } = options;
  const has = allMessageTools.filter(
    (tools) => tools.has(message) && (wanted === undefined || tools.system === wanted),
  );
  const preferred = last ? has.toReversed() : has;
  const [first] = preferred;
  if (first === undefined) return { kind: 'elsewhere' };
  const there = preferred.flatMap((tools) => systems.filter((one) => one.tools === tools));
  const system = there.find(({ isRunning }) => isRunning);
  if (system !== undefined) return { kind: 'runs', system };
  const role = systems.find((one) => one.tools === first)?.role;
  return { kind: 'stopped', problem: stopped({ system: first.system, role }) };
}

/** @throws ArcError `not-on-system`, `not-running` unless the place runs */
export function runningAt(options: {
  place: Place;
  message: Message;
  wanted: MessageSystemName | undefined;
}): MessageSystem {
  const { place, message, wanted } = options;
  switch (place.kind) {
    case 'runs':
      return place.system;
    case 'stopped':
      throw failed(place.problem);
    case 'elsewhere':
      throw notOnSystem({ message, wanted });
    default:
      return place satisfies never;
  }
}

export function notOnSystem(options: { message: Message; wanted: MessageSystemName | undefined }): ArcError {
  const { message, wanted } = options;
  return invalid({
    code: 'not-on-system',
    message: `${message.name} is not on ${wanted ?? 'a system that arc knows'}.`,
    suggestion: `\`arc contract show ${message.name}\` says where it is`,
  });
}

/** @param options.role of the server; undefined where no service of the workspace is one */
export function stopped({ system, role }: { system: MessageSystemName; role: string | undefined }): Problem {
  if (role === undefined)
    return {
      code: 'not-running',
      message: `No service of this workspace is a server of ${system}.`,
      suggestion: `add one to services/, or take \`${system}\` out of the messages in contracts/`,
    };
  return {
    code: 'not-running',
    message: `${role} does not run, and the messages on ${system} go through it.`,
    suggestion: `run \`arc up ${role}\``,
  };
}

/**
 * The key of a role.
 *
 * @throws ArcError `no-such-identity` where no manifest declares it
 */
export function identityOf(options: {
  context: Context;
  found: Pick<RunningStack, 'root' | 'manifests'>;
  role: string;
}): NonNullable<MessageServer['as']> {
  const { context, found, role } = options;
  const { root, manifests } = found;
  const name = seedOf(role);
  const declared = declaredSecrets(manifests).get(name);
  if (declared === undefined)
    throw invalid({
      code: 'no-such-identity',
      message: `No manifest declares the secret ${name}, so ${role} has no key.`,
      suggestion: '`arc secrets list` shows them: those that end with _nats_seed are keys',
    });
  const { secrets } = readSecrets({ root, manifests, environment: context.environment });
  return { role, seed: secrets.get(name) ?? new Secret(declared.dev) };
}
