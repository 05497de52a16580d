import type { TestEngine } from './test-engine.ts';
import { testProject } from './workspace.ts';

/** A disk for one volume of the stack that is small enough to be filled. */
export type TestDisk = { volume: string; container: string; size: string };

/** Makes the volume before the boot that would make it. */
export async function makeDisk(options: { engine: TestEngine; disk: TestDisk }): Promise<void> {
  const { engine, disk } = options;
  const mount = `size=${disk.size},uid=65532,gid=65532,mode=0700`;
  await engine.docker.createVolume({
    Name: disk.volume,
    Driver: 'local',
    DriverOpts: { type: 'tmpfs', device: 'tmpfs', o: mount },
    Labels: { 'arc.project': testProject },
  });
}

/**
 * Keeps the disk mounted while its container is away: the Engine unmounts a volume that nothing uses, and what was in
 * memory would be gone.
 *
 * @returns lets go of it
 */
export async function holdDisk(options: {
  engine: TestEngine;
  disk: TestDisk;
}): Promise<() => Promise<void>> {
  const { engine, disk } = options;
  const { Image } = await engine.docker.getContainer(disk.container).inspect();
  const holder = await engine.docker.createContainer({
    Image,
    Entrypoint: ['/bin/busybox', 'sleep', '86400'],
    Cmd: [],
    HostConfig: { Binds: [`${disk.volume}:/disk`], NetworkMode: 'none' },
  });
  await holder.start();
  return () => holder.remove({ force: true });
}
