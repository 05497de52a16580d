import type { EventSink } from '../../../core/event.ts';
import type { Owner } from '../../../stack/owner.ts';
import type { BootWaits } from '../boot-waits.ts';
import type { Deaths } from '../deaths.ts';
import type { Engine } from '../engine.ts';

/** What drivers of things on the Engine share while a plan is carried out. */
export type DockerRun = {
  engine: Engine;
  project: string;
  /** Absolute path of the workspace, for configuration is mounted from there. */
  root: string;
  /** The workspace, for the labels of what is made. */
  owner: Owner;
  emit: EventSink;
  waits: BootWaits;
  deaths: Deaths;
};
