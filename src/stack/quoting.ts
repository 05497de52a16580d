import { posix } from 'node:path';
import { nkeyOf } from '../core/nkey.ts';

// How text that may hold any character gets into a config file. Each filter writes one value for one kind of reader;
// what that reader cannot be told is refused.

/** Why a value cannot be written for a reader; no value is in it. */
export type Refusal = { reason: string };

type Quoting = {
  /** Brings quotes of its own, so none may stand around it. */
  quotes: boolean;
  write: (value: string) => string | Refusal;
};

const quotings = {
  /** A double-quoted scalar of YAML: a string, whatever it looks like. */
  yaml: { quotes: true, write: (value) => yamlString(value) },
  json: { quotes: true, write: (value) => JSON.stringify(value) },
  /** Between single quotes, for a POSIX shell that reads the file. */
  shell: { quotes: true, write: (value) => `'${value.replaceAll("'", "'\\''")}'` },
  /** The value of a NAME=value line, for programs that only take off the outer quotes as for shells. */
  env: { quotes: true, write: envValue },
  /** An argument in redis.conf (`sdssplitargs` of Redis). */
  redis: { quotes: true, write: (value) => redisArgument(value) },
  /** Part of a URL: what is not unreserved (RFC 3986) becomes %XX. */
  url: { quotes: false, write: (value) => urlPart(value) },
  /** A certificate that is one line of Base64, as a PEM file. */
  pem: { quotes: true, write: (value) => pemCertificate(value) },
  /** The public half of an nkey's seed, which is all that a NATS server gets. */
  nkey: { quotes: false, write: (value) => nkeyOf(value) ?? { reason: 'is not the seed of an nkey' } },
} as const satisfies Record<string, Quoting>;

export type QuotingName = keyof typeof quotings;

export const quotingNames = Object.keys(quotings) as readonly QuotingName[];

export function isQuoting(name: string): name is QuotingName {
  return Object.hasOwn(quotings, name);
}

/** A value as a reader takes it for exactly this value, or why there is no such text. */
export function quoteFor(options: { quoting: QuotingName; value: string }): string | Refusal {
  if (options.value.includes('\0')) return { reason: 'holds a zero byte' };
  return quotings[options.quoting].write(options.value);
}

/** Whether the filter brings quotes of its own. */
export function bringsQuotes(quoting: QuotingName): boolean {
  return quotings[quoting].quotes;
}

/** The filters that fit into a file, the usual one first, by the name of its template: `livekit.yaml.liquid`. */
export function fittingQuotings(template: string): readonly QuotingName[] {
  switch (posix.extname(template.replace(/\.liquid$/, ''))) {
    case '.yaml':
    case '.yml':
      return ['yaml', 'json', 'url'];
    case '.json':
      return ['json', 'url'];
    case '.env':
      return ['env', 'shell', 'url'];
    case '.pem':
      return ['pem'];
    default:
      return ['shell', 'env', 'redis', 'yaml', 'json', 'url', 'nkey'];
  }
}

function yamlString(value: string): string {
  // JSON's strings are YAML's, but for characters that YAML wants escaped (YAML 1.2, 5.1).
  return JSON.stringify(value).replaceAll(/[\x7f-\x9f\u2028\u2029\uFEFF]/g, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Text that shells, MinIO and Docker Compose read alike. */
function envValue(value: string): string | Refusal {
  if (/[\r\n]/.test(value)) return { reason: 'holds a line break' };
  if (!value.includes("'")) return `'${value}'`;
  if (!/["$`\\]/.test(value)) return `"${value}"`;
  return { reason: 'holds \' together with one of " $ ` \\' };
}

function redisArgument(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped
  const escaped = value.replaceAll(/["\\\x00-\x1f\x7f]/g, (found) =>
    found === '"' || found === '\\'
      ? `\\${found}`
      : `\\x${found.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `"${escaped}"`;
}

function urlPart(value: string): string {
  return encodeURIComponent(value).replaceAll(
    /[!'()*]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function pemCertificate(value: string): string | Refusal {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return { reason: 'is not the Base64 of a certificate' };
  const lines = value.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\n');
}
