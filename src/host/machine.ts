import { availableParallelism } from 'node:os';
import { freeDisk, writeObstacle } from './disk.ts';
import { type Memory, readMemory } from './memory.ts';
import { portHolders } from './ports.ts';
import { findProgram, readSysctl, readSystem, type System } from './system.ts';

/** What can be asked of this machine; a test gives another one. */
export type Machine = {
  system: System;
  nodeVersion: string;
  memory: () => Memory;
  /** Those that this process may use. */
  cpus: () => number;
  freeDisk: typeof freeDisk;
  writeObstacle: typeof writeObstacle;
  sysctl: (name: string) => number | undefined;
  program: (name: string) => string | undefined;
  portHolders: typeof portHolders;
};

export function thisMachine(options: { environment: Readonly<Record<string, string | undefined>> }): Machine {
  return {
    system: readSystem(),
    nodeVersion: process.versions.node,
    memory: readMemory,
    cpus: availableParallelism,
    freeDisk,
    writeObstacle,
    sysctl: readSysctl,
    program: (name) => findProgram(name, options.environment),
    portHolders,
  };
}
