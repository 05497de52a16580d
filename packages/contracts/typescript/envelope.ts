import { randomUUID } from 'node:crypto';
import type { Contract } from './contract.ts';
import type { Keys } from './keys.ts';
import { ContractError } from './problem.ts';
import { openPersonal, sealPersonal } from './seal.ts';
import { currentTrace, newTrace, type Trace } from './trace.ts';
import { firstViolation } from './validate.ts';

/** A message as it travels: the JSON of its data, and CloudEvents' attributes as headers (binary mode). */
export type Envelope = { id: string; headers: Readonly<Record<string, string>>; payload: Uint8Array };

/** A message that arrived, checked against its contract. */
export type Received<Data> = {
  data: Data;
  /** Unique; a message that is delivered again has the same. */
  id: string;
  /** Who sent it: `/arc/webhooks`. */
  source: string;
  /** When it happened, as RFC 3339. */
  time: string;
  trace: Trace;
  /** JSON pointers of personal fields that hold encrypted text: the key was destroyed, or this program has none. */
  unreadable: readonly string[];
};

/**
 * The message that says `data`.
 *
 * @param options.role who sends it
 * @param options.id unique unless given; whoever sends the same again, gives the same id
 * @param options.time when it happened; now unless given
 * @throws ContractError `invalid` with the path of the field; `no-keys`
 */
export async function encode<Data extends object>(options: {
  contract: Contract<Data, object>;
  data: Data;
  role: string;
  keys: Keys | undefined;
  id?: string | undefined;
  time?: Date | undefined;
  trace?: Trace | undefined;
}): Promise<Envelope> {
  const { contract, data, role, keys, id = randomUUID(), time = new Date() } = options;
  const violation = firstViolation({ schema: contract.schema, value: data, direction: 'publish' });
  if (violation !== undefined)
    throw new ContractError({ code: 'invalid', contract: contract.name, ...violation });
  const sealed = await sealPersonal({ contract, data, keys });
  const trace = options.trace ?? currentTrace() ?? newTrace();
  return {
    id,
    headers: {
      'ce-specversion': '1.0',
      'ce-id': id,
      'ce-type': contract.event,
      'ce-source': `/arc/${role}`,
      'ce-time': time.toISOString(),
      'ce-datacontenttype': 'application/json',
      ...trace,
    },
    payload: Buffer.from(JSON.stringify(sealed), 'utf8'),
  };
}

/**
 * Reads a message.
 *
 * @param options.header the value of a header; empty or undefined where there is none
 * @throws ContractError `invalid` with the path of the field; `damaged`
 */
export async function decode<Data extends object>(options: {
  contract: Contract<Data, object>;
  payload: Uint8Array;
  header: (name: string) => string | undefined;
  keys: Keys | undefined;
}): Promise<Received<Data>> {
  const { contract, payload, header, keys } = options;
  const { data, unreadable } = await openPersonal({ contract, data: parse(contract.name, payload), keys });
  const violation = firstViolation({ schema: contract.schema, value: data, direction: 'receive' });
  if (violation !== undefined)
    throw new ContractError({ code: 'invalid', contract: contract.name, ...violation });
  return {
    data: data as Data,
    id: header('ce-id') || randomUUID(),
    source: header('ce-source') ?? '',
    time: header('ce-time') ?? '',
    trace: traceOf(header),
    unreadable,
  };
}

/** The trace that a message belongs to; a new one where its headers name none. */
export function traceOf(header: (name: string) => string | undefined): Trace {
  const traceparent = header('traceparent');
  const tracestate = header('tracestate');
  if (!traceparent) return newTrace();
  return { traceparent, ...(tracestate ? { tracestate } : {}) };
}

function parse(contract: string, payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch (cause) {
    throw new ContractError({ code: 'invalid', contract, message: 'it is not JSON', cause });
  }
}
