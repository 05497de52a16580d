// Reading of a worker's configuration: errors name a field, and never its value.

export type Fields = Readonly<Record<string, unknown>>;

export function mapping(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${name} is missing, or no mapping`);
  return value as Fields;
}

/** @param options.whose `the embedded egress worker` */
export function refuseOthers(
  fields: Fields,
  options: { allowed: readonly string[]; prefix: string; whose: string },
): void {
  const { allowed, prefix, whose } = options;
  const other = Object.keys(fields).find((name) => !allowed.includes(name));
  if (other) throw new Error(`${prefix}${other} is not supported by ${whose}`);
}

export function requiredText(fields: Fields, name: string, prefix = ''): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new Error(`${prefix}${name} is missing, or no text`);
  return value;
}

export function optionalText(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  // A password of digits is a number in YAML.
  return String(value);
}

/** A port, or the number of a database. */
export function wholeNumber(fields: Fields, name: string, otherwise: number): number {
  const value = fields[name] ?? otherwise;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 65_535)
    throw new Error(`${name} must be a whole number`);
  return value;
}

const unitSeconds: Readonly<Record<string, number>> = { h: 3_600, m: 60, s: 1, ms: 0.001 };

/** A time as Go writes it, `1h30m`. @returns seconds; 0 where nothing is said */
export function duration(fields: Fields, name: string, prefix = ''): number {
  const value = fields[name];
  if (value === undefined || value === null || value === 0) return 0;
  const text = String(value);
  if (!/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(text))
    throw new Error(`${prefix}${name} must be a time such as 90s or 1h30m`);
  return [...text.matchAll(/([\d.]+)(h|ms|m|s)/g)].reduce(
    (sum, [, amount, unit = '']) => sum + Number(amount) * (unitSeconds[unit] ?? 0),
    0,
  );
}
