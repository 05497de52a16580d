import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execa } from 'execa';
import { freePort, startRegistryProcess } from '../registry.ts';
import { until } from '../until.ts';
import type { FarMachine } from './machine.ts';

/**
 * A registry on the far machine, which has the same address on both: a port of 127.0.0.1. On the near one it is the
 * end of an SSH forward, because Engines and arc speak plain HTTP to loopback addresses only.
 */
export async function startFarRegistry(options: {
  far: FarMachine;
  folder: string;
}): Promise<{ address: string; close: () => Promise<void> }> {
  const { far, folder } = options;
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const server = startRegistryProcess({ folder, auth: false, address, before: far.engine.before });
  const forward = ['-o', 'ExitOnForwardFailure=yes', '-N', '-L', `${address}:${address}`, 'farbox'];
  const [program = '', ...before] = far.before;
  const tunnel = spawn(program, [...before, 'ssh', ...forward], {
    stdio: 'ignore',
    env: { ...process.env, ...far.environment },
  });
  const close = async (): Promise<void> => {
    for (const child of [tunnel, server]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    }
  };
  try {
    const get = `fetch('http://${address}/v2/').then(() => {}, () => process.exit(1))`;
    await until({
      what: 'the registry, seen from the near machine',
      ask: async () =>
        (await execa(program, [...before, process.execPath, '-e', get], { reject: false })).exitCode === 0,
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { address, close };
}
