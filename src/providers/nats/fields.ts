import { isDeepStrictEqual } from 'node:util';
import { formatBytes } from '../../core/bytes.ts';
import type { Fields } from '../../core/data.ts';

/** A field of a stream or a consumer as manifests have it: sizes in bytes, durations in seconds. */
export type FieldValue = string | number | boolean | readonly string[];

/** Undefined is no limit, or nothing. */
export type FieldValues = Readonly<Record<string, FieldValue | undefined>>;

/** What the server calls a field, and how it counts it. */
export type FieldRule = {
  key: string;
  unit: 'text' | 'list' | 'count' | 'bytes' | 'seconds' | 'flag';
};

/** By name in manifests, in the order in which they are shown. */
export type FieldTable = Readonly<Record<string, FieldRule>>;

const nanoseconds = 1_000_000_000;

/** The fields that a manifest declares; arc leaves the others as they are. */
export function declaredFields(table: FieldTable, fields: Fields): FieldValues {
  return Object.fromEntries(
    Object.keys(table).flatMap((name) =>
      fields[name] === undefined ? [] : [[name, fields[name] as FieldValue] as const],
    ),
  );
}

/** Fields as the server takes them. */
export function toConfig(table: FieldTable, values: FieldValues): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const rule = table[name];
      if (rule === undefined || value === undefined) return [];
      return [[rule.key, rule.unit === 'seconds' ? Math.round(Number(value) * nanoseconds) : value] as const];
    }),
  );
}

/** Every field of the table as the server has it. */
export function fromConfig(table: FieldTable, config: Readonly<Record<string, unknown>>): FieldValues {
  return Object.fromEntries(
    Object.entries(table).map(([name, { key, unit }]) => [name, readValue(unit, config[key])]),
  );
}

function readValue(unit: FieldRule['unit'], found: unknown): FieldValue | undefined {
  switch (unit) {
    case 'text':
      return found === undefined || found === '' ? undefined : String(found);
    case 'list':
      return Array.isArray(found) ? found.map(String) : undefined;
    case 'flag':
      return found === true;
    case 'seconds':
      return typeof found === 'number' && found > 0 ? found / nanoseconds : undefined;
    case 'count':
    case 'bytes':
      // The server writes -1 where there is no limit.
      return typeof found === 'number' && found > 0 ? found : undefined;
    default:
      return unit satisfies never;
  }
}

/** Subjects have no order. */
export function isSame(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
  const inOrder = (value: FieldValue | undefined) => (Array.isArray(value) ? value.toSorted() : value);
  return isDeepStrictEqual(inOrder(a), inOrder(b));
}

/** A value for people: `7 days`, `64 MB`, `none`. */
export function fieldText(rule: FieldRule, value: FieldValue | undefined): string {
  if (value === undefined) return 'none';
  switch (rule.unit) {
    case 'text':
    case 'count':
      return String(value);
    case 'list':
      return Array.isArray(value) ? value.toSorted().join(', ') : String(value);
    case 'bytes':
      return formatBytes(Number(value));
    case 'seconds':
      return secondsText(Number(value));
    case 'flag':
      return value === true ? 'on' : 'off';
    default:
      return rule.unit satisfies never;
  }
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** In the largest unit that leaves no rest: `7 days`, `90 s`. */
export function secondsText(seconds: number): string {
  const [name, size] = units.find(([, size]) => seconds >= size && seconds % size === 0) ?? ['s', 1];
  const count = seconds / size;
  return name === 's' ? `${count} s` : `${count} ${name}${count === 1 ? '' : 's'}`;
}
