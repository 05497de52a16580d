import type Docker from 'dockerode';
import { describe, expect, test } from 'vitest';
import { readContainer, readInspection, usesSelinux } from './docker-read.ts';

function listed(change: Partial<Docker.ContainerInfo>): Docker.ContainerInfo {
  return {
    Id: 'abc',
    Names: ['/arc-cache'],
    Image: 'x',
    ImageID: 'sha256:x',
    State: 'running',
    Status: 'Up',
    ...change,
  } as Docker.ContainerInfo;
}

describe('an entry of the list of containers', () => {
  test.each([
    ['Exited (137) 5 minutes ago', 137],
    ['Restarting (1) 2 seconds ago', 1],
    ['Exited (0) About an hour ago', 0],
    ['Up 3 minutes (healthy)', undefined],
    ['Created', undefined],
  ])('has its exit code only in words: %s', (Status, exitCode) => {
    expect(readContainer(listed({ Status })).exitCode).toBe(exitCode);
  });

  test('may lack labels and networks', () => {
    expect(readContainer(listed({}))).toMatchObject({
      name: 'arc-cache',
      labels: {},
      networks: [],
      mounts: [],
    });
  });

  test('says where its TCP ports are published, and which ports of the machine it holds of both kinds', () => {
    const Ports = [
      { IP: '127.0.0.1', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
      { IP: '0.0.0.0', PrivatePort: 50100, PublicPort: 50100, Type: 'udp' },
      { PrivatePort: 81, Type: 'tcp' },
    ] as Docker.Port[];
    const { published, held } = readContainer(listed({ Ports }));
    expect(published).toEqual([{ container: 80, bind: '127.0.0.1', host: 8080 }]);
    expect(held).toEqual([
      { protocol: 'tcp', bind: '127.0.0.1', first: 8080, last: 8080 },
      { protocol: 'udp', bind: '0.0.0.0', first: 50100, last: 50100 },
    ]);
  });
});

test('an inspection knows never, and the last health check', () => {
  const info = {
    Id: 'abc',
    RestartCount: 2,
    NetworkSettings: {
      Networks: {
        arc_net: { IPAddress: '172.18.0.5', Gateway: '172.18.0.1' },
        over_six: { IPAddress: '', GlobalIPv6Address: 'fd00::5', IPv6Gateway: 'fd00::1' },
        stopped: { IPAddress: '', GlobalIPv6Address: '', Gateway: '' },
      },
    },
    HostConfig: {
      PortBindings: {
        '50101/udp': [{ HostIp: '0.0.0.0', HostPort: '50101' }],
        '7881/tcp': [{ HostIp: '127.0.0.1', HostPort: '7881' }],
        '50100/udp': [{ HostIp: '0.0.0.0', HostPort: '50100' }],
        '7880/tcp': [{ HostIp: '127.0.0.1', HostPort: '7880' }],
      },
    },
    State: {
      Status: 'running',
      ExitCode: 0,
      OOMKilled: false,
      Error: '',
      StartedAt: '2026-11-21T11:35:08.356515502Z',
      FinishedAt: '0001-01-01T00:00:00Z',
      Health: {
        Status: 'unhealthy',
        FailingStreak: 3,
        Log: [{ Output: 'first' }, { Output: ' refused \n', End: '2026-11-21T12:35:10.1+01:00' }],
      },
    },
  } as unknown as Docker.ContainerInspectInfo;
  expect(readInspection(info)).toEqual({
    id: 'abc',
    state: 'running',
    exitCode: 0,
    outOfMemory: false,
    error: '',
    restarts: 2,
    networks: [
      { name: 'arc_net', address: '172.18.0.5', gateway: '172.18.0.1' },
      { name: 'over_six', address: 'fd00::5', gateway: 'fd00::1' },
    ],
    published: [
      { bind: '127.0.0.1', host: { first: 7880, last: 7880 }, protocol: 'tcp' },
      { bind: '127.0.0.1', host: { first: 7881, last: 7881 }, protocol: 'tcp' },
      { bind: '0.0.0.0', host: { first: 50100, last: 50101 }, protocol: 'udp' },
    ],
    startedAt: '2026-11-21T11:35:08.356515502Z',
    health: { status: 'unhealthy', lastOutput: 'refused', hasRun: true },
  });
});

test.each([
  ['never', null],
  ['not since the last start', [{ Output: '', End: '2026-11-21T11:35:08.1Z' }]],
])('an inspection knows that a health check has run %s', (_, Log) => {
  const State = {
    Status: 'running',
    StartedAt: '2026-11-21T11:35:08.3Z',
    Health: { Status: 'starting', Log },
  };
  const info = {
    Id: 'abc',
    RestartCount: 0,
    State,
    HostConfig: {},
  } as unknown as Docker.ContainerInspectInfo;
  expect(readInspection(info).health).toMatchObject({ status: 'starting', hasRun: false });
});

test('an Engine with SELinux says so among its security options', () => {
  expect(usesSelinux({ SecurityOptions: ['name=seccomp,profile=default', 'name=selinux'] })).toBe(true);
  expect(usesSelinux({ SecurityOptions: ['name=seccomp,profile=default', 'name=cgroupns'] })).toBe(false);
  expect(usesSelinux({ SecurityOptions: null })).toBe(false);
});
