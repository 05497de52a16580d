import type { Driver } from '../../../core/driver.ts';
import { containerDriver } from './container.ts';
import { certificateDriver, configDriver, rightsDriver } from './file.ts';
import { imageDriver } from './image.ts';
import { networkDriver } from './network.ts';
import type { DockerRun } from './run.ts';
import { volumeDriver } from './volume.ts';

type DockerDriver = Driver<unknown, unknown, unknown, unknown, DockerRun>;

/** The drivers of all resources on an Engine, by kind. */
export const dockerDrivers: ReadonlyMap<string, DockerDriver> = new Map(
  [
    networkDriver,
    volumeDriver,
    imageDriver,
    certificateDriver,
    configDriver,
    rightsDriver,
    containerDriver('container'),
    containerDriver('job'),
  ].map((driver): [string, DockerDriver] => [driver.kind, driver]),
);
