import { spawn } from 'node:child_process';
import { goToolPath } from '../../scripts/build-go-tool.ts';
import { freePort, type RegistryServer, registryProcess } from './registry.ts';

/** A real registry on loopback that has the referrers API: olareg. What it holds is gone when it ends. */
export async function startReferrersRegistry(): Promise<RegistryServer> {
  const program = goToolPath({ name: 'olareg', environment: process.env });
  const port = await freePort();
  const options = ['--addr', '127.0.0.1', '--port', String(port), '--store-type', 'mem'];
  const server = spawn(program, ['serve', ...options], { stdio: 'ignore' });
  return await registryProcess({ address: `127.0.0.1:${port}`, server });
}
