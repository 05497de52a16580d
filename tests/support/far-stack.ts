import { X509Certificate } from 'node:crypto';
import { execa } from 'execa';
import { buildDockerEngine } from '../../scripts/build-go-tool.ts';
import { trustedKey } from './browser-call.ts';
import { callFrom } from './call.ts';
import type { Call } from './caller.ts';
import { type FarMachine, farMachineNeeds, startFarMachine } from './far-machine/machine.ts';
import { type Allowed, allowOnly, restrictedNetworkNeeds } from './restricted-network.ts';
import { runArc } from './run-arc.ts';
import { realSecrets } from './secret-values.ts';
import { makeWorkspace, type TestWorkspace } from './workspace.ts';

export const farStackNeeds = [...farMachineNeeds, ...restrictedNetworkNeeds, 'chromium'] as const;

/** Names that a browser on another machine asks for: without the second it finds no TURN. */
export const names = { signalling: 'livekit.arc.local', turn: 'turn.arc.local' };

/** The profile production on a machine that another one reaches, behind a firewall. All that one knows is the gateway. */
export type FarStack = {
  workspace: TestWorkspace;
  far: FarMachine;
  arc: (...args: string[]) => ReturnType<typeof runArc>;
  /** @throws with what arc said, where it failed */
  succeed: (...args: string[]) => Promise<void>;
  /** A call from the other machine. */
  call: (options: { allowed?: Allowed; names: readonly string[]; room: string }) => Promise<Call>;
  close: () => Promise<void>;
};

export async function openFarStack(): Promise<FarStack> {
  const far = await startFarMachine({
    programs: await buildDockerEngine({ environment: process.env, progress: () => {} }),
  });
  const workspace = makeWorkspace({ settings: { media: 'mux' } });
  const close = async (): Promise<void> => {
    await far.close();
    workspace.remove();
  };
  const arc: FarStack['arc'] = (...args) =>
    runArc(args, {
      cwd: workspace.root,
      before: far.engine.before,
      environment: { DOCKER_HOST: `unix://${far.engine.socket}`, LIVEKIT_NODE_IP: far.address },
    });
  const succeed: FarStack['succeed'] = async (...args) => {
    const { exitCode, output } = await arc(...args);
    if (exitCode !== 0) throw new Error(`arc ${args.join(' ')} exits with ${exitCode}:\n${output}`);
  };
  try {
    // Production refuses the secrets of development.
    await succeed('secrets', 'generate');
    await succeed('up', 'production', '--flavour', 'embedded', '--yes');
    const trusted = await gatewayKey(far);
    const { LIVEKIT_API_KEY: apiKey = '', LIVEKIT_API_SECRET: apiSecret = '' } = realSecrets(workspace);
    const call: FarStack['call'] = async ({ allowed, names: known, room }) => {
      await allowOnly({ before: far.before, ...(allowed === undefined ? {} : { allowed }) });
      return callFrom({
        before: far.before,
        url: `wss://${names.signalling}`,
        room,
        credentials: { apiKey, apiSecret },
        names: Object.fromEntries(known.map((name) => [name, far.address])),
        trusted: [trusted],
      });
    };
    return { workspace, far, arc, succeed, call, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** Hash of the public key that the gateway shows, as a browser wants it. */
async function gatewayKey(far: FarMachine): Promise<string> {
  const [program = '', ...enter] = far.before;
  const greeting = ['openssl', 's_client', '-connect', `${far.address}:443`, '-servername', names.signalling];
  const { stdout } = await execa(program, [...enter, ...greeting], { stdin: 'ignore' });
  return trustedKey(new X509Certificate(stdout));
}
