import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bench, requireTools } from './context.ts';
import { benchNats, loadContract } from './contracts-nats.ts';
import { benchPulsar } from './contracts-pulsar.ts';
import { benchReconcile, manyTopics } from './contracts-reconcile.ts';
import { run } from './measure.ts';
import { makeStack } from './stack.ts';

/**
 * What contracts cost: rights in NATS, the generated Go client on Pulsar, and the reading of 200 topics by a plan that
 * has nothing to do.
 */
export const benchContracts: Bench = async (context) => {
  requireTools('linux', 'docker', 'go');
  const { progress } = context;
  const programs = { nats: join(context.folder, 'nats.test'), pulsar: join(context.folder, 'pulsar.test') };
  progress('compiling the Go clients');
  for (const [name, program] of Object.entries(programs))
    await run('go', ['test', '-c', '-o', program, `./${name}bus`], {
      cwd: join(context.root, 'packages', 'contracts', 'go'),
      env: { GOWORK: 'off' },
    });
  const stack = await makeStack({ context, name: 'contracts', lines: '' });
  try {
    await writeFile(join(stack.workspace, 'contracts', 'load.yaml'), loadContract());
    await appendProvision(join(stack.workspace, 'services', 'streaming', 'service.yaml'));
    await stack.arc('generate', '--quiet');
    progress('booting messaging, webhooks, streaming and bridge');
    await stack.arc(
      'up',
      'messaging',
      'webhooks',
      'streaming',
      'bridge',
      '--quiet',
      '--yes',
      '--timeout',
      '5m',
    );
    return [
      ...(await benchNats({ context, program: programs.nats, workspace: stack.workspace })),
      ...(await benchPulsar({ context, program: programs.pulsar })),
      await benchReconcile({ context }),
    ];
  } finally {
    await stack.remove();
  }
};

/** `provision` is a list in the middle of the manifest. */
async function appendProvision(manifest: string): Promise<void> {
  const text = await readFile(manifest, 'utf8');
  await writeFile(
    manifest,
    text.replace(/^provision:\n/m, (line) => `${line}${manyTopics()}`),
  );
}
