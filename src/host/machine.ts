import { availableParallelism } from 'node:os';
import { freeDisk, writeObstacle } from './disk.ts';
import { type Memory, readMemory } from './memory.ts';
import { portHolders } from './ports.ts';
import { run } from './process.ts';
import { succeeded } from './process-end.ts';
import { findProgram, readSysctl, readSystem, type System } from './system.ts';

/** Questions about this machine; a test supplies other answers. */
export type Machine = {
  system: System;
  nodeVersion: string;
  memory: () => Memory;
  /** The processors that this process may use. */
  cpus: () => number;
  freeDisk: typeof freeDisk;
  writeObstacle: typeof writeObstacle;
  sysctl: (name: string) => number | undefined;
  program: (name: string) => string | undefined;
  /** Standard output of a short command; undefined if it fails. */
  answer: (command: readonly [string, ...string[]]) => Promise<string | undefined>;
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
    answer: (command) => answerOf({ command, ...options }),
    portHolders,
  };
}

/** A program that does not answer a question about itself within this long is broken. */
const answerMilliseconds = 30_000;

async function answerOf(options: {
  command: readonly [string, ...string[]];
  environment: Readonly<Record<string, string | undefined>>;
}): Promise<string | undefined> {
  const [command, ...args] = options.command;
  const ended = await run({
    command,
    args,
    environment: options.environment,
    limitMilliseconds: answerMilliseconds,
  });
  return succeeded(ended) ? ended.stdout.toString('utf8') : undefined;
}
