import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { execa } from 'execa';
import type { SecondEngine } from '../second-engine.ts';
import { until } from '../until.ts';

/**
 * A network namespace without anything, connected by a wire to that of an Engine. It ends with this process, and the
 * wire with it.
 */
export async function startNetwork(options: {
  near: string;
  far: string;
  engine: SecondEngine;
}): Promise<{ before: readonly string[]; close: () => Promise<void> }> {
  const { near, far, engine } = options;
  const keeper = spawn('unshare', ['--net', '--', 'cat'], { stdio: ['pipe', 'ignore', 'ignore'] });
  const close = async (): Promise<void> => {
    const ended = once(keeper, 'exit');
    keeper.stdin.end();
    await ended;
  };
  try {
    const network = `/proc/${keeper.pid}/ns/net`;
    const own = readlinkSync('/proc/self/ns/net');
    await until({ what: 'the network namespace', ask: () => readlinkSync(network) !== own });
    const before = ['nsenter', `--net=${network}`, '--'];
    const farNetwork = engine.before.join(' ').replace(/^.*--net=(\S+).*$/, '$1');
    const inside = (enter: readonly string[], ...command: string[]) => {
      const [program = '', ...rest] = [...enter, ...command];
      return execa(program, rest, { stdin: 'ignore' });
    };
    const farPid = /\d+/.exec(farNetwork)?.[0] ?? '';
    await inside(before, ...`ip link add arc0 type veth peer name arc0 netns ${farPid}`.split(' '));
    for (const [enter, address] of [
      [before, near],
      [engine.before, far],
    ] as const) {
      await inside(enter, 'ip', 'address', 'add', `${address}/24`, 'dev', 'arc0');
      for (const device of ['lo', 'arc0']) await inside(enter, 'ip', 'link', 'set', device, 'up');
    }
    return { before, close };
  } catch (error) {
    await close();
    throw error;
  }
}
