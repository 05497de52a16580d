import { expect, test } from 'vitest';
import { engineError } from './engine-error.ts';

const start = { verb: 'start', object: 'the container arc-cache' };
const refused = (message: string, statusCode = 500): Error =>
  Object.assign(new Error(`(HTTP code ${statusCode}) server error - ${message} `), {
    statusCode,
    json: { message },
  });

// What Engines 20.10 to 29 say.
test.each<[string, string, string]>([
  [
    'driver failed programming external connectivity on endpoint arc-cache (9c2f): Bind for 127.0.0.1:6379 failed: port is already allocated',
    'port-in-use',
    'The port 127.0.0.1:6379 of the container arc-cache is already in use.',
  ],
  [
    'driver failed programming external connectivity on endpoint arc-cache (9c2f): Error starting userland proxy: listen tcp4 127.0.0.1:6379: bind: address already in use',
    'port-in-use',
    'The port 127.0.0.1:6379 of the container arc-cache is already in use.',
  ],
  [
    'failed to set up container networking: driver failed programming external connectivity on endpoint arc-cache (9c2f): failed to bind port 127.0.0.1:6379/tcp: Error starting userland proxy: listen tcp4 127.0.0.1:6379: bind: address already in use',
    'port-in-use',
    'The port 127.0.0.1:6379 of the container arc-cache is already in use.',
  ],
  [
    'failed to set up container networking: driver failed programming external connectivity on endpoint arc-cache (9c2f): failed to bind host port for 127.0.0.1:6379:172.18.0.2:6379/tcp: address already in use',
    'port-in-use',
    'The port 127.0.0.1:6379 of the container arc-cache is already in use.',
  ],
  [
    'failed to set up container networking: driver failed programming external connectivity on endpoint arc-cache (9c2f): failed to bind host port 127.0.0.1:6379/tcp: address already in use',
    'port-in-use',
    'The port 127.0.0.1:6379 of the container arc-cache is already in use.',
  ],
  [
    'failed to bind host port [::1]:6379/tcp: address already in use',
    'port-in-use',
    'The port [::1]:6379 of the container arc-cache is already in use.',
  ],
  [
    'Bind for :::6379 failed: port is already allocated',
    'port-in-use',
    'The port :::6379 of the container arc-cache is already in use.',
  ],
  [
    'Ports are not available: exposing port TCP 127.0.0.1:6379 -> 0.0.0.0:0: listen tcp 127.0.0.1:6379: bind: Only one usage of each socket address',
    'port-in-use',
    'A port of the container arc-cache is already in use.',
  ],
  [
    'Conflict. The container name "/arc-cache" is already in use by container "ab12".',
    'container-name-taken',
    'A container named arc-cache has appeared since the plan was made.',
  ],
  [
    'No such image: ghcr.io/arc-framework/arc-cache:latest',
    'image-missing',
    'The image ghcr.io/arc-framework/arc-cache:latest is not on the Engine.',
  ],
  [
    'mkdir /var/lib/docker/overlay2/x: no space left on device',
    'no-disk-space',
    'The disk is full: the Engine could not start the container arc-cache.',
  ],
  [
    'invalid mount config for type "bind": bind source path does not exist: /w/redis.conf',
    'config-file-missing',
    '/w/redis.conf is to be mounted into the container arc-cache, but it does not exist.',
  ],
  [
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/nope": stat /nope: no such file or directory: unknown',
    'entrypoint-missing',
    'The image of the container arc-cache has no program /nope that can be run.',
  ],
  [
    'network 4f2a not found',
    'network-missing',
    'The network 4f2a has gone, so the Engine could not start the container arc-cache.',
  ],
  [
    'error while removing network: network arc_net id 12 has active endpoints',
    'network-in-use',
    "The container arc-cache is still used by containers that are not arc's.",
  ],
  [
    'remove arc-data: volume is in use - [ab12]',
    'volume-in-use',
    'The container arc-cache is still used by a container.',
  ],
  ['something new', 'engine-error', 'The Engine could not start the container arc-cache.'],
])('%s', (answer, code, message) => {
  expect(engineError(refused(answer), start).problems[0]).toMatchObject({ code, message });
});

test('an answer that is not known is shown in the words of the Engine', () => {
  expect(engineError(refused('something new'), start).problems[0].detail).toEqual(['something new']);
});

test('a connection that broke is told from a refusal', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  expect(engineError(cause, start).problems[0]).toMatchObject({ code: 'engine-lost' });
});
