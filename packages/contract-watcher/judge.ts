import { Ajv, type ErrorObject } from 'ajv';
import type { WatchedMessage } from './config.ts';

/** What a message on NATS is, as its subject and body say. */
export type Verdict =
  | { kind: 'valid'; subject: string; message: string }
  /** Something that could not be validated or delivered, put aside by its publisher or reader. */
  | { kind: 'dead'; subject: string }
  /** No contract has its subject, which may be anything. */
  | { kind: 'undeclared'; domain: string; subject: string }
  | { kind: 'violation'; subject: string; message: string; reason: Reason; pointer: string; text: string };

/** What is broken: the body is not JSON, or breaks its schema, or the headers say that it is another event. */
export type Reason = 'json' | 'schema' | 'type';

export type Judge = (heard: { subject: string; data: Uint8Array; event: string }) => Verdict;

const formats = {
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
  uuid: /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
};

/**
 * Prepares the schemas of all messages. No verdict has a value of a body in it: values may be personal, and what the
 * watcher says is kept in logs and metrics.
 */
export function createJudge(messages: readonly WatchedMessage[]): Judge {
  const ajv = new Ajv({ strict: false });
  for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format);
  const known = new Map(
    messages.map((message) => [message.subject, { message, isValid: ajv.compile(message.schema) }] as const),
  );
  return ({ subject, data, event }) => {
    const [domain = '', second] = subject.split('.');
    if (second === 'dead') return { kind: 'dead', subject: subject.split('.').slice(2).join('.') };
    const declared = known.get(subject);
    if (declared === undefined) return { kind: 'undeclared', domain, subject };
    const { message, isValid } = declared;
    const violation = (reason: Reason, pointer: string, text: string): Verdict => ({
      kind: 'violation',
      subject,
      message: message.name,
      reason,
      pointer,
      text,
    });
    if (event !== '' && event !== message.event) return violation('type', '', `the headers say ${event}`);
    const body = parse(data);
    if (body === undefined) return violation('json', '', 'the body is not JSON');
    if (isValid(body)) return { kind: 'valid', subject, message: message.name };
    const [error] = isValid.errors ?? [];
    return violation('schema', pointerOf(error), error?.message ?? 'breaks its schema');
  };
}

function parse(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** The field that is wrong, missing or unknown. Ajv names the object that has it, and its name apart. */
function pointerOf(error: ErrorObject | undefined): string {
  if (error === undefined) return '';
  const { missingProperty, additionalProperty } = error.params as Record<string, string | undefined>;
  const name = missingProperty ?? additionalProperty;
  return name === undefined ? error.instancePath : `${error.instancePath}/${name}`;
}
