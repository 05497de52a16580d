import schema from '../../../schemas/service.schema.json' with { type: 'json' };
import { defined } from '../../core/defined.ts';
import type { CertificateManifest, RouteManifest } from '../model-route.ts';
import { entries, member, type YamlNode } from '../yaml/tree.ts';
import {
  choice,
  define,
  duration,
  optionalNumber,
  optionalText,
  type Part,
  placeOf,
  text,
  textRecord,
  texts,
} from './read.ts';

const { route, rate_limit } = schema.$defs;
const defaults = { route: route.properties, rateLimit: rate_limit.properties };

export function buildRoute(part: Part): RouteManifest {
  const { node } = part;
  return {
    host: text(node, 'host'),
    path: text(node, 'path', defaults.route.path.default),
    port: text(node, 'port'),
    protocol: choice({
      node,
      key: 'protocol',
      choices: ['http', 'tls'],
      fallback: defaults.route.protocol.default,
    }),
    ...defined({ ask: optionalText(node, 'ask') }),
    allow: texts(node, 'allow'),
    ...defined({ auth: buildAuth(member(node, 'auth')) }),
    ...defined({ rate_limit: buildRateLimit(member(node, 'rate_limit')) }),
    request_headers: textRecord(node, 'request_headers'),
    response_headers: textRecord(node, 'response_headers'),
    location: placeOf(part),
  };
}

function buildAuth(node: YamlNode | undefined): RouteManifest['auth'] {
  if (node === undefined) return undefined;
  const basic = member(node, 'basic');
  return { basic: { user: text(basic, 'user'), password: text(basic, 'password') } };
}

function buildRateLimit(node: YamlNode | undefined): RouteManifest['rate_limit'] {
  if (node === undefined) return undefined;
  const average = optionalNumber(node, 'average') ?? 1;
  return {
    average,
    period_seconds: duration(node, 'period', defaults.rateLimit.period.default),
    burst: optionalNumber(node, 'burst') ?? average,
  };
}

export function buildCertificates({ node }: Part): Readonly<Record<string, CertificateManifest>> {
  const certificates: Record<string, CertificateManifest> = {};
  for (const { key, value } of entries(member(node, 'certificates')))
    define(certificates, key, {
      description: text(value, 'description'),
      domain: text(value, 'domain'),
      when: textRecord(value, 'when'),
    });
  return certificates;
}
