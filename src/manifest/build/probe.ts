import schema from '../../../schemas/service.schema.json' with { type: 'json' };
import type { LivekitAspect, ProbeManifest } from '../model.ts';
import type { YamlNode } from '../yaml/tree.ts';
import { choice, given, optionalNumber, optionalText, text } from './read.ts';

const { http_probe, s3_probe } = schema.$defs;
const kinds = ['http', 'tcp', 'redis', 's3', 'livekit', 'container'] as const;
const aspects: readonly [LivekitAspect, ...LivekitAspect[]] = [
  'api',
  'refusal',
  'state',
  'ingress',
  'egress',
  'media',
];

export function buildProbe(node: YamlNode | undefined): ProbeManifest {
  const port = text(node, 'port');
  const kind = choice({ node, key: 'kind', choices: kinds, fallback: 'container' });
  switch (kind) {
    case 'http':
      return {
        kind,
        port,
        path: text(node, 'path', '/'),
        status: optionalNumber(node, 'status') ?? http_probe.properties.status.default,
        ...given('body', optionalText(node, 'body')),
      };
    case 'tcp':
      return { kind, port };
    case 'redis':
      return { kind, port, ...given('password', optionalText(node, 'password')) };
    case 's3':
      return {
        kind,
        port,
        access_key: text(node, 'access_key'),
        secret_key: text(node, 'secret_key'),
        bucket: text(node, 'bucket'),
        region: text(node, 'region', s3_probe.properties.region.default),
      };
    case 'livekit':
      return {
        kind,
        port,
        api_key: text(node, 'api_key'),
        api_secret: text(node, 'api_secret'),
        aspect: choice({ node, key: 'aspect', choices: aspects }),
      };
    case 'container':
      return { kind };
    default:
      return kind satisfies never;
  }
}
