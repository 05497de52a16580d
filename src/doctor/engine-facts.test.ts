import { expect, test } from 'vitest';
import type { EngineInfo } from '../platform/docker/docker-info.ts';
import { imageRoot } from './engine-facts.ts';

const graphDriver = { DriverStatus: [['Backing Filesystem', 'extfs']] } as const;
const containerd = { DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']] } as const;

test.each<[string, EngineInfo, string]>([
  ['a graph driver', { ...graphDriver, DockerRootDir: '/data/docker' }, '/data/docker'],
  [
    'the containerd that packages bring',
    {
      ...containerd,
      DockerRootDir: '/data/docker',
      Containerd: { Address: '/run/containerd/containerd.sock' },
    },
    '/var/lib/containerd',
  ],
  [
    'the same, by its other path',
    { ...containerd, Containerd: { Address: '/var/run/containerd/containerd.sock' } },
    '/var/lib/containerd',
  ],
  [
    'a containerd that dockerd has started',
    {
      ...containerd,
      DockerRootDir: '/data/docker',
      Containerd: { Address: '/var/run/docker/containerd/containerd.sock' },
    },
    '/data/docker',
  ],
  ['containerd, of an Engine before API 1.46', { ...containerd }, '/var/lib/containerd'],
])('images of %s are looked for where they are', (_store, info, folder) => {
  expect(imageRoot(info)).toBe(folder);
});
