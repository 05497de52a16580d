import type { PanelUnit } from '../../manifest/model-metrics.ts';

/** A value with its unit, as short as one can read it: `1.2 s`, `34 MB`, `0.4 %`. */
export function quantity(value: number, unit: PanelUnit): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : value > 0 ? '∞' : '-∞';
  switch (unit) {
    case 'seconds':
      return Math.abs(value) < 1 && value !== 0 ? `${digits(value * 1000)} ms` : `${digits(value)} s`;
    case 'milliseconds':
      return Math.abs(value) >= 1000 ? `${digits(value / 1000)} s` : `${digits(value)} ms`;
    case 'percent':
      return `${digits(value)} %`;
    case 'bytes':
      return bytes(value);
    case 'per-second':
      return `${digits(value)}/s`;
    case 'count':
      return digits(value);
    case 'state':
      return value >= 1 ? 'up' : 'down';
    default:
      return unit satisfies never;
  }
}

/** Three digits that count. */
export function digits(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const places = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return String(Number(value.toFixed(Math.min(places, 8))));
}

function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let rest = value;
  while (Math.abs(rest) >= 1000 && unit < units.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  return `${digits(rest)} ${units[unit]}`;
}
