import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pypiToolPath } from '../../scripts/get-pypi-tool.ts';
import { until } from './until.ts';

/** A real NATS server with streams, on a port of its own. */
export type NatsServer = {
  url: string;
  /** Kills it; its port and its data stay. */
  kill: () => Promise<void>;
  /** Starts it again where it was. */
  again: () => Promise<void>;
  dispose: () => Promise<void>;
};

/** @param options.config further lines of its configuration: users, permissions */
export async function startNatsServer(options: { config?: string } = {}): Promise<NatsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'arc-nats-'));
  const program = pypiToolPath({ name: 'nats-server', environment: process.env });
  const write = (port: number): void =>
    writeFileSync(
      join(folder, 'nats.conf'),
      `listen: "127.0.0.1:${port}"\njetstream { store_dir: "${folder}/data" }\n${options.config ?? ''}\n`,
    );
  // -1 lets the server choose a port, which its ports file tells.
  write(-1);
  let child = launch();
  const port = await until({ what: 'the NATS server tells its port', ask: () => portIn(folder, child.pid) });
  write(port);

  function launch() {
    return spawn(program, ['--config', join(folder, 'nats.conf'), '--ports_file_dir', folder], {
      stdio: 'ignore',
    });
  }

  async function kill(): Promise<void> {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  return {
    url: `nats://127.0.0.1:${port}`,
    kill,
    again: async () => {
      child = launch();
      await until({ what: 'the NATS server listens again', ask: () => portIn(folder, child.pid) });
    },
    dispose: async () => {
      if (child.exitCode === null && child.signalCode === null) await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function portIn(folder: string, pid: number | undefined): number {
  const { nats }: { nats: readonly string[] } = JSON.parse(
    readFileSync(join(folder, `nats-server_${pid}.ports`), 'utf8'),
  );
  return Number(new URL(nats[0] ?? '').port);
}
