import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SecondEngine, secondEngineNeeds, startSecondEngine } from '../second-engine.ts';
import { makeCertificates } from './certificates.ts';
import { startNetwork } from './network.ts';
import { startSshd } from './sshd.ts';

/** Two machines, as far as the network goes: one with an Engine and an sshd, and one that has neither. */
export type FarMachine = {
  engine: SecondEngine;
  /** Its address for the other one. */
  address: string;
  /** Starts a program on the one without an Engine. */
  before: readonly string[];
  /** Of a user there, whose `ssh` knows the far machine as `farbox`. */
  environment: Readonly<Record<string, string>>;
  /** Folder with ca.pem, cert.pem and key.pem of that user. */
  certificates: string;
  /** File with the host keys that the user knows. */
  knownHosts: string;
  /** Ends the connections to its sshd that stand. */
  cut: () => Promise<void>;
  close: () => Promise<void>;
};

export const farMachineNeeds = [
  ...secondEngineNeeds,
  ...['docker', 'ip', 'ssh', 'sshd', 'ssh-keygen', 'openssl'],
] as const;

const addresses = { near: '10.213.77.1', far: '10.213.77.2' };
export const tlsPort = 2376;

/** @param options.programs as for a second Engine */
export async function startFarMachine(options: { programs?: string } = {}): Promise<FarMachine> {
  const folder = mkdtempSync(join(tmpdir(), 'arc-far-'));
  const closing = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).toReversed()) await step();
  };
  try {
    const { flags } = await makeCertificates({ folder, address: addresses.far });
    const engine = await startSecondEngine({
      ...options,
      flags: [`--host=tcp://0.0.0.0:${tlsPort}`, ...flags],
    });
    closing.push(engine.close);
    const network = await startNetwork({ ...addresses, engine });
    closing.push(network.close);
    const sshd = await startSshd({ folder, engine, address: addresses.far });
    closing.push(sshd.close);
    return {
      engine,
      address: addresses.far,
      before: network.before,
      environment: {
        PATH: `${sshd.programs}:${process.env.PATH}`,
        DOCKER_CONFIG: join(folder, 'docker'),
      },
      certificates: folder,
      knownHosts: sshd.knownHosts,
      cut: sshd.cut,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
