import type { LifecycleRule as ServerRule } from '@aws-sdk/client-s3';
import type { LifecycleRule } from './model.ts';

/** A manifest's rules as the server wants them. */
export function serverRules(rules: readonly LifecycleRule[]): ServerRule[] {
  return rules.map(({ prefix, expireDays, expireNoncurrentDays }, index) => ({
    ID: `arc-${index + 1}`,
    Status: 'Enabled',
    Filter: { Prefix: prefix },
    ...(expireDays === undefined ? {} : { Expiration: { Days: expireDays } }),
    ...(expireNoncurrentDays === undefined
      ? {}
      : { NoncurrentVersionExpiration: { NoncurrentDays: expireNoncurrentDays } }),
  }));
}

/** The server's rules in a manifest's words; as text if a manifest cannot express one of them. */
export function readRules(rules: readonly ServerRule[]): readonly LifecycleRule[] | string {
  const read = rules.map(readRule);
  return read.every((rule) => rule !== undefined) ? read : 'other rules';
}

function readRule(rule: ServerRule): LifecycleRule | undefined {
  const { ID: _id, Status, Filter, Expiration, NoncurrentVersionExpiration, Prefix, ...more } = rule;
  const isMore =
    Object.keys(given(more)).length > 0 ||
    Status !== 'Enabled' ||
    others(Filter, 'Prefix') ||
    others(Expiration, 'Days') ||
    others(NoncurrentVersionExpiration, 'NoncurrentDays');
  if (isMore) return undefined;
  return {
    prefix: Filter?.Prefix ?? Prefix ?? '',
    ...(Expiration?.Days === undefined ? {} : { expireDays: Expiration.Days }),
    ...(NoncurrentVersionExpiration?.NoncurrentDays === undefined
      ? {}
      : { expireNoncurrentDays: NoncurrentVersionExpiration.NoncurrentDays }),
  };
}

function others(part: object | undefined, known: string): boolean {
  return Object.keys(given(part ?? {})).some((name) => name !== known);
}

function given(part: object): object {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
}
