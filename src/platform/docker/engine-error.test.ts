import { expect, test } from 'vitest';
import { engineError } from './engine-error.ts';
import { refusals } from './refusals.ts';

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
    'Ports are not available: exposing port TCP 127.0.0.1:6379 -> 0.0.0.0:0: listen tcp 127.0.0.1:6379: bind: Only one usage of each socket address (protocol/network address/port) is normally permitted.',
    'port-in-use',
    'The port 127.0.0.1:6379 of the container arc-cache is already in use.',
  ],
  [
    'Ports are not available: exposing port TCP 127.0.0.1:6379 -> 0.0.0.0:0: listen tcp 127.0.0.1:6379: bind: An attempt was made to access a socket in a way forbidden by its access permissions.',
    'port-reserved',
    'The port 127.0.0.1:6379 of the container arc-cache is reserved by Windows, though nothing listens on it.',
  ],
  [
    'Ports are not available: exposing port TCP 127.0.0.1:6379 -> 0.0.0.0:0: listen tcp 127.0.0.1:6379: something else',
    'port-unavailable',
    'The port 127.0.0.1:6379 of the container arc-cache could not be published.',
  ],
  [
    'driver failed programming external connectivity on endpoint arc-cache (9c2f): Error starting userland proxy: listen tcp4 10.9.9.9:6379: bind: cannot assign requested address',
    'port-address-missing',
    "The port 10.9.9.9:6379 of the container arc-cache binds to an address that the Engine's machine does not have.",
  ],
  [
    'driver failed programming external connectivity on endpoint arc-cache (9c2f): Error starting userland proxy: listen tcp6 [::]:6379: socket: address family not supported by protocol',
    'no-ipv6',
    "The port [::]:6379 of the container arc-cache binds to an IPv6 address, but the Engine's machine has no IPv6.",
  ],
  [
    "driver failed programming external connectivity on endpoint arc-cache (9c2f): Error starting userland proxy: error while calling PortManager.AddPort(): cannot expose privileged port 80, you can add 'net.ipv4.ip_unprivileged_port_start=80' to /etc/sysctl.conf (currently 1024), or set CAP_NET_BIND_SERVICE on rootlesskit binary, or choose a larger port number (>= 1024): listen tcp4 127.0.0.1:80: bind: permission denied",
    'port-privileged',
    'The Engine has no right to the port 127.0.0.1:80 of the container arc-cache.',
  ],
  [
    'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    'no-address-pool',
    'The Engine has no addresses left for the container arc-cache.',
  ],
  [
    'all predefined address pools have been fully subnetted',
    'no-address-pool',
    'The Engine has no addresses left for the container arc-cache.',
  ],
  [
    'Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available',
    'limit-refused',
    'The container arc-cache wants more CPUs than the 2 that the Engine has.',
  ],
  [
    'Minimum memory limit allowed is 6MB',
    'limit-refused',
    'The container arc-cache has a memory limit below 6MB, the minimum of the Engine.',
  ],
  [
    'Mounts denied: \nThe path /w/redis.conf is not shared from the host and is not known to Docker.',
    'mount-refused',
    'The Engine may not read what the container arc-cache mounts from the workspace.',
  ],
  [
    'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "/w/redis.conf" to rootfs at "/etc/arc/redis.conf": open /w/redis.conf: permission denied: unknown',
    'mount-refused',
    'The Engine may not read what the container arc-cache mounts from the workspace.',
  ],
  [
    'driver failed programming external connectivity on endpoint arc-cache (9c2f):  (iptables failed: iptables --wait -t nat -A DOCKER -p tcp: iptables: No chain/target/match by that name. (exit status 1))',
    'engine-firewall',
    'Somebody has removed the firewall rules of the Engine, so it could not start the container arc-cache.',
  ],
  [
    'fork/exec /usr/bin/containerd-shim-runc-v2: resource temporarily unavailable',
    'engine-exhausted',
    'The machine of the Engine has run out of something, so it could not start the container arc-cache.',
  ],
  [
    'mkdir /var/lib/docker/containers/ab12: read-only file system',
    'engine-read-only',
    'The Engine may not write to its disk, so it could not start the container arc-cache.',
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
    '/w/redis.conf, which the container arc-cache mounts, does not exist.',
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

test('the help for something that is in use can be pasted', () => {
  const request = { verb: 'remove', object: 'the volume arc-cache-data' };
  expect(engineError(refused('volume is in use - [ab12]'), request).problems[0].suggestion).toBe(
    'docker ps -a --filter volume=arc-cache-data names it',
  );
});

test('every known refusal has a help', () => {
  for (const { problem } of refusals) {
    const match = Object.assign(['', ''], { index: 0, input: '' }) as unknown as RegExpExecArray;
    expect(problem({ request: start, match, answer: '' }).suggestion).toBeTruthy();
  }
});

test('an answer that is not known is shown in the words of the Engine', () => {
  expect(engineError(refused('something new'), start).problems[0].detail).toEqual(['something new']);
});

test('a connection that broke is told from a refusal', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  expect(engineError(cause, start).problems[0]).toMatchObject({ code: 'engine-lost' });
});
