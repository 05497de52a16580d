import { expect, test } from 'vitest';
import { realWorkspace } from '../../../tests/fixtures/workspace.ts';
import { Secret } from '../../core/secret.ts';
import { parseManifests } from '../../manifest/parse.ts';
import { machineProblems } from './this-machine.ts';

const files = await realWorkspace();
const { manifests } = parseManifests({ files });
if (manifests === undefined) throw new Error('the manifests of this repository are not valid');

function told(environment: Record<string, string>, secrets: Record<string, string> = {}) {
  if (manifests === undefined) return [];
  const values = new Map(Object.entries(secrets).map(([name, value]) => [name, new Secret(value)]));
  return machineProblems({ manifests, files, environment, secrets: values }).map(
    ({ code, message, location }) => `${code} ${location?.file}:${location?.line} ${message}`,
  );
}

test('what a boot would take is no problem, whatever characters it has', () => {
  expect(told({ ARC_MEDIA: 'mux', LIVEKIT_NODE_IP: 'public' }, { redis_password: `'"$\\ ` })).toEqual([]);
});

test('a setting from the environment that a boot would refuse is told', () => {
  expect(told({ ARC_MEDIA: 'muxx', LIVEKIT_NODE_IP: '10.0.0', ARC_TURN_PATIENCE: 'abc' })).toEqual([
    'bad-setting undefined:undefined The setting turn_patience cannot be "abc" (from ARC_TURN_PATIENCE); it takes a whole number from 96 to 5000.',
    'bad-setting undefined:undefined The setting media cannot be "muxx" (from ARC_MEDIA); it takes mux or range.',
    'bad-setting undefined:undefined The setting node_ip cannot be "10.0.0" (from LIVEKIT_NODE_IP); it takes an IP address, lan or public.',
  ]);
});

test('a secret that a file cannot hold is told with the place in the template', () => {
  expect(told({}, { minio_root_password: `it's "that" one` })).toEqual([
    'unwritable-value services/storage/minio.env.liquid:2 `secrets.minio_root_password` holds \' together with one of " $ ` \\, which `env` cannot write.',
  ]);
});
