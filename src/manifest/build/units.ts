import { parseDuration } from '../../core/duration.ts';
import type { PortRange } from '../model.ts';
import type { ScalarValue } from '../yaml/scalar.ts';

const sizeUnits: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Bytes of a size such as `256m`; undefined if it is not one. */
export function parseSize(text: string): number | undefined {
  const [, number, letter = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text.toLowerCase()) ?? [];
  const unit = sizeUnits[letter];
  return unit === undefined ? undefined : Math.round(Number(number) * unit);
}

/** Seconds of a duration such as `10s` or `500ms`; undefined if it is not one. */
export function parseSeconds(text: string): number | undefined {
  const milliseconds = parseDuration(text);
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

/** A port (`7881`) or a range (`50100-50200`); none if it is neither, runs backwards or leaves 1 to 65535. */
export function parsePortRange(value: ScalarValue): PortRange | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(value));
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return first >= 1 && first <= last && last <= 65535 ? { first, last } : undefined;
}
