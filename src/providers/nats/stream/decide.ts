import type { Decider } from '../../../core/driver.ts';
import type { Problem } from '../../../core/errors.ts';
import type { Loss } from '../../../core/step.ts';
import { type OneStep, oneStepDecider } from '../../one-step.ts';
import { decideKept, type Rules, type Work } from '../decide.ts';
import { type FieldValue, fieldText } from '../fields.ts';
import { type StreamSpec, type StreamState, streamTable } from './model.ts';

export type StreamStep = OneStep<StreamSpec, Work>;

/** The pure half of what arc knows of streams. */
export function streamDecider(project: string): Decider<StreamSpec, StreamState, Work, StreamStep> {
  return oneStepDecider({ kind: 'stream', decide: decideKept({ project, rules: streamRules }) });
}

/** What NATS switches on and never off (`configUpdateCheckLocked` of its stream.go). */
const forGood = ['deny_delete', 'deny_purge', 'allow_msg_ttl'] as const;

const streamRules: Rules<StreamSpec, StreamState> = {
  kind: 'stream',
  table: streamTable,
  refusal: ({ spec, state, changed }) =>
    fixedFields({ spec, state, changed }) ?? windowBeyondAge({ spec, state }),
  loses: ({ spec, state, changed }) => lossesOf({ spec, state, changed }),
};

function fixedFields(options: {
  spec: StreamSpec;
  state: StreamState | undefined;
  changed: readonly string[];
}): Problem | undefined {
  const { spec, state, changed } = options;
  if (state === undefined) return undefined;
  const { fields } = spec;
  if (changed.includes('storage')) return fixed({ spec, state, field: 'storage' });
  const isQueue = (value: FieldValue | undefined): boolean => value === 'workqueue';
  if (changed.includes('retention') && (isQueue(fields.retention) || isQueue(state.fields.retention)))
    return fixed({ spec, state, field: 'retention' });
  const off = forGood.find((field) => changed.includes(field) && fields[field] === false);
  return off && fixed({ spec, state, field: off });
}

function fixed(options: { spec: StreamSpec; state: StreamState; field: keyof typeof streamTable }): Problem {
  const { spec, state, field } = options;
  const rule = streamTable[field];
  const [before, after] = [fieldText(rule, state.fields[field]), fieldText(rule, spec.fields[field])];
  return {
    code: 'stream-fixed',
    message: `NATS cannot change ${field} of the stream ${spec.name} from ${before} to ${after}.`,
    suggestion: `keep \`${field}: ${textInYaml(state.fields[field])}\`, or declare a stream of another name with other subjects; ${spec.name} holds ${messagesText(state.messages)}`,
  };
}

function textInYaml(value: FieldValue | undefined): string {
  return typeof value === 'boolean' ? String(value) : fieldText({ key: '', unit: 'text' }, value);
}

/** NATS refuses it, new or changed (error 10052). */
function windowBeyondAge(options: { spec: StreamSpec; state: StreamState | undefined }): Problem | undefined {
  const { spec, state } = options;
  const age = Number(spec.fields.max_age ?? state?.fields.max_age ?? 0);
  const window = Number(spec.fields.duplicate_window ?? state?.fields.duplicate_window ?? 0);
  if (age === 0 || window <= age) return undefined;
  return {
    code: 'stream-window',
    message: `The stream ${spec.name} would recognise repeated messages for ${fieldText(streamTable.duplicate_window, window)} and keep them for ${fieldText(streamTable.max_age, age)} only.`,
    suggestion: 'set `duplicate_window` to no more than `max_age`',
  };
}

/** Every change that has NATS delete messages. Limits that are raised, and subjects that go, delete none. */
function lossesOf(options: {
  spec: StreamSpec;
  state: StreamState;
  changed: readonly string[];
}): readonly Loss[] {
  const { spec, state, changed } = options;
  const { messages, bytes } = state;
  const limit = (field: string): number | undefined =>
    changed.includes(field) ? Number(spec.fields[field]) : undefined;
  const texts: string[] = [];
  const [most, size] = [limit('max_messages'), limit('max_bytes')];
  if (most !== undefined && most < messages) texts.push(`${messagesText(messages - most)} by max_messages`);
  if (size !== undefined && size < bytes) {
    // The server knows their sizes one by one; the mean is as near as one gets without reading them.
    const lost = Math.min(messages, Math.ceil(((bytes - size) / bytes) * messages));
    texts.push(`about ${messagesText(lost)} by max_bytes`);
  }
  const { expired = 0, needed = 0 } = state;
  if (limit('max_age') !== undefined && expired > 0) texts.push(`${messagesText(expired)} by max_age`);
  if (changed.includes('retention') && spec.fields.retention === 'interest' && messages > needed)
    texts.push(`${needed === 0 ? '' : 'up to '}${messagesText(messages - needed)} that no consumer needs`);
  return texts.map((text) => ({ kind: 'data', text }));
}

export function messagesText(count: number): string {
  return count === 1 ? '1 message' : `${count} messages`;
}
