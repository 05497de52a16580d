import { expect, test } from 'vitest';
import type { HeldPort, Holder } from './port.ts';
import { type NamedPort, portProblem } from './port-problem.ts';

const rtmp: NamedPort = {
  protocol: 'tcp',
  bind: '127.0.0.1',
  first: 1935,
  last: 1935,
  container: 'arc-realtime-ingress',
  name: 'rtmp',
  file: 'services/realtime/service.yaml',
};

function held(holder: Holder, wanted: NamedPort = rtmp): HeldPort<NamedPort> {
  return { wanted, first: wanted.first, last: wanted.last, bind: '0.0.0.0', holder };
}

test('a process is named, with its pid and the key to change', () => {
  expect(portProblem(held({ kind: 'process', name: 'obs', pid: 4711 }))).toEqual({
    code: 'port-in-use',
    message: 'Port 1935/tcp, wanted by arc-realtime-ingress (rtmp), is held by obs (pid 4711).',
    detail: ['wanted on 127.0.0.1, held on 0.0.0.0'],
    suggestion: 'stop obs, or choose another port: services/realtime/service.yaml → ports → rtmp → host',
  });
});

test('a container is named, and how to stop it', () => {
  const problem = portProblem(held({ kind: 'container', name: 'nginx-rtmp' }));
  expect(problem.message).toContain('is held by the container nginx-rtmp.');
  expect(problem.suggestion).toContain('docker stop nginx-rtmp');
});

test('a range is one sentence', () => {
  const media: NamedPort = {
    ...rtmp,
    protocol: 'udp',
    first: 50100,
    last: 50200,
    name: 'media',
    container: 'arc-realtime',
  };
  expect(portProblem(held({ kind: 'container', name: 'other' }, media)).message).toBe(
    'Ports 50100–50200/udp, wanted by arc-realtime (media), are held by the container other.',
  );
});

test('what this user may not see is said', () => {
  const problem = portProblem(held({ kind: 'hidden', user: 'root' }));
  expect(problem.message).toContain('is held by a process of root, whose name only root may see.');
  expect(problem.suggestion).toContain('sudo arc doctor names it');
});
