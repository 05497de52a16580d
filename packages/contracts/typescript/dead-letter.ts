import type { Contract } from './contract.ts';
import { type Link, toHeaders } from './link.ts';
import { ContractError } from './problem.ts';
import type { Trace } from './trace.ts';

/** A message as it arrived. */
export type Arrived = {
  subject: string;
  payload: Uint8Array;
  headers: Readonly<Record<string, string>>;
};

/**
 * What says of a message, beside its bytes, that it was put aside: its headers as they arrived, and the reason. What was
 * encrypted stays so.
 *
 * @param options.cause what could not be done with it
 * @param options.unnamed stands for the id of a message without one; where that is absent, the letter has none either
 */
export function letterOf(options: {
  link: Pick<Link, 'role'>;
  contract: Contract<object, object>;
  arrived: Arrived;
  cause: unknown;
  unnamed?: string;
}): { subject: string; headers: Readonly<Record<string, string>>; problem: ContractError } {
  const { link, contract, arrived, cause, unnamed } = options;
  const problem = asProblem(contract.name, cause);
  if (contract.nats === undefined) throw problem;
  // What tells a server what to do with a message, was said of the message and not of the letter.
  const own = Object.entries(arrived.headers).filter(([name]) => !/^nats-/i.test(name));
  const id = arrived.headers['ce-id'] || unnamed;
  const headers = {
    ...Object.fromEntries(own),
    'arc-dead-code': problem.code,
    'arc-dead-path': problem.path,
    'arc-dead-role': link.role,
    'arc-dead-subject': arrived.subject,
    ...(id === undefined ? {} : { 'Nats-Msg-Id': letterId(link.role, id) }),
  };
  return { subject: contract.nats.dead, headers, problem };
}

/** By it a stream recognises the letter that a role sends twice, and tells it from those of other roles. */
function letterId(role: string, id: string): string {
  return `dead-${role}-${id}`;
}

/**
 * Puts a message aside that is delivered at most once, and so is its letter: nobody could deliver it again.
 *
 * @param options.cause what could not be done with it
 */
export function putAside(options: {
  link: Link;
  contract: Contract<object, object>;
  arrived: Arrived;
  cause: unknown;
}): void {
  const { link, arrived } = options;
  const { subject, headers, problem } = letterOf(options);
  link.counts.dead += 1;
  link.report(problem);
  link.connection.publish(subject, arrived.payload, { headers: toHeaders(headers) });
}

/** A message that a program wanted to publish, and why it could not. */
export type OwnMessage = {
  contract: Contract<object, object>;
  data: object;
  id: string;
  trace: Trace;
  cause: ContractError;
};

/**
 * Puts a message aside that a program wanted to publish and that breaks its contract, for programs that must not lose
 * what it says. What is personal in it is not encrypted, so such contracts are refused.
 *
 * @returns once a stream has it
 * @throws what the server or the network answers; the cause, where there is no place for it
 */
export async function putOwnAside(options: { link: Link } & OwnMessage): Promise<void> {
  const { link, contract, data, id, trace, cause } = options;
  const { nats, personal } = contract;
  if (nats === undefined || personal !== undefined) throw cause;
  const headers = {
    'ce-id': id,
    'ce-type': contract.event,
    'ce-source': `/arc/${link.role}`,
    ...trace,
    'arc-dead-code': cause.code,
    'arc-dead-path': cause.path,
    'arc-dead-role': link.role,
    'arc-dead-subject': nats.subject,
    'Nats-Msg-Id': letterId(link.role, id),
  };
  await link.stream.publish(nats.dead, Buffer.from(JSON.stringify(data), 'utf8'), {
    headers: toHeaders(headers),
  });
  link.counts.dead += 1;
}

/** What a handler threw is the program's own; its text may hold what the message said, so it stays out of headers. */
export function asProblem(contract: string, cause: unknown): ContractError {
  if (cause instanceof ContractError) return cause;
  return new ContractError({
    code: 'handler',
    contract,
    message: cause instanceof Error ? cause.message : String(cause),
    cause,
  });
}
