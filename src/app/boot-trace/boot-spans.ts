import type { StepEvent } from '../../core/event.ts';
import type { AttributeValue, Span } from '../../core/spans/span.ts';
import type { Moment } from './record.ts';

/** The service that spans of arc's own work belong to. */
export const arcService = 'arc';

/**
 * The steps of a boot as spans of one trace: the first is the command, the others are the steps that really ran, each
 * with its cause. A step that was kept or not reached is none. One that has not ended yet ends with the command, as an
 * error. Pure.
 *
 * @param options.name of the whole: `arc up`
 * @param options.began and `ended`: milliseconds since 1970
 * @param options.newId makes the id of a span
 * @param options.clean takes secrets out of a text
 * @param options.failure why the command failed, if it did
 */
export function bootSpans(options: {
  traceId: string;
  name: string;
  attributes: Readonly<Record<string, AttributeValue>>;
  began: number;
  ended: number;
  moments: readonly Moment[];
  newId: () => string;
  clean: (text: string) => string;
  failure?: string;
}): readonly Span[] {
  const { traceId, name, attributes, began, ended, moments, newId, clean, failure } = options;
  const shared = { traceId, service: arcService, kind: 'internal' } as const;
  const root: Span = {
    ...shared,
    ...{ spanId: newId(), name, attributes: cleaned(attributes, clean) },
    ...{ start: nanoseconds(began), end: nanoseconds(ended) },
    ...(failure === undefined ? {} : { error: clean(failure) }),
  };
  const runs = runsOf(moments);
  const ids = new Map(Array.from(runs.keys(), (id) => [id, newId()]));
  const steps = Array.from(runs.values(), ({ from, to, step }): Span => {
    const parent = step.parent === undefined ? undefined : ids.get(step.parent);
    const error = to === undefined ? 'it had not ended when arc did' : errorOf(step);
    return {
      ...shared,
      spanId: ids.get(step.id) ?? newId(),
      parentId: parent ?? root.spanId,
      name: nameOf(step),
      start: nanoseconds(from),
      end: nanoseconds(to ?? ended),
      ...(error === undefined ? {} : { error: clean(error) }),
      attributes: cleaned(attributesOf(step), clean),
    };
  });
  return [root, ...steps];
}

type Run = { from: number; to?: number; step: StepEvent };

/** By step, in order of their begin. The last event of a step has its result, and an earlier one its last answer. */
function runsOf(moments: readonly Moment[]): ReadonlyMap<string, Run> {
  const runs = new Map<string, Run>();
  for (const { at, step } of moments) {
    const run = runs.get(step.id);
    if (step.phase === 'running' && run === undefined) runs.set(step.id, { from: at, step });
    else if (run !== undefined && step.phase === 'skipped') runs.delete(step.id);
    else if (run !== undefined) {
      const ends = step.phase === 'done' || step.phase === 'failed';
      // What failed after it was done has failed.
      runs.set(step.id, { ...run, ...(ends ? { to: at } : {}), step: { ...run.step, ...step } });
    }
  }
  return runs;
}

/** `start container cache`: what people type, where a container has a name for them. */
function nameOf({ verb, on, role }: StepEvent): string {
  const [kind = '', ...name] = on.split('/');
  return `${verb} ${kind} ${role ?? name.join('/')}`;
}

function errorOf({ phase, problem }: StepEvent): string | undefined {
  return phase === 'failed' ? (problem?.message ?? 'it failed') : undefined;
}

function attributesOf(step: StepEvent): Readonly<Record<string, AttributeValue>> {
  const { verb, on, role, cause, answer, outcome, problem } = step;
  return {
    'arc.verb': verb,
    'arc.on': on,
    ...(role === undefined ? {} : { 'arc.role': role }),
    ...(cause === undefined ? {} : { 'arc.cause': cause }),
    ...(answer === undefined ? {} : { 'arc.answer': `${answer.question}: ${answer.reply}` }),
    ...(outcome?.base === undefined ? {} : { 'arc.base': outcome.base }),
    ...(outcome?.bytes === undefined ? {} : { 'arc.bytes': outcome.bytes }),
    ...(problem === undefined ? {} : { 'arc.problem': problem.code }),
  };
}

function cleaned(
  attributes: Readonly<Record<string, AttributeValue>>,
  clean: (text: string) => string,
): Readonly<Record<string, AttributeValue>> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string' ? clean(value) : value,
    ]),
  );
}

/** Fractions of a millisecond count: many steps take less than one. */
function nanoseconds(milliseconds: number): bigint {
  const whole = Math.floor(milliseconds);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((milliseconds - whole) * 1_000_000));
}
