import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bounds } from './bounds.ts';
import type { Bench, BenchContext } from './context.ts';
import { type Lap, race, run } from './measure.ts';
import { ratioRow, secondsRow, type Timing } from './report.ts';

/** `arc validate`, `arc generate` and `arc plan` of a made-up workspace, as whole processes. */
export const benchScale: Bench = async (context) => {
  const small = await measure({ context, count: 1_000, rounds: context.rounds });
  // Once: it takes too long to be repeated, and too long for a cold start to matter.
  const large = await measure({ context: { ...context, warmUp: false }, count: 10_000, rounds: 1 });
  const [seconds, growth] = ['1,000 services', '10,000 ÷ 1,000 services'] as const;
  return [
    secondsRow({ figure: seconds, timing: small, bound: bounds.scale[seconds] }),
    ratioRow({ figure: growth, of: large, to: small, bound: bounds.scale[growth] }),
  ];
};

async function measure(options: {
  context: BenchContext & { warmUp?: boolean };
  count: number;
  rounds: number;
}): Promise<Timing> {
  const { context, count, rounds } = options;
  const workspace = join(context.folder, `services-${count}`);
  const name = `${count.toLocaleString('en')} services`;
  context.progress(`${name}: writing their manifests`);
  await makeWorkspace({ workspace, count });
  const arc = (verb: string): Promise<string> => run(context.arc, [verb, '--quiet'], { cwd: workspace });
  // The first generate writes the files; what is timed finds them as they should be.
  await arc('generate');
  const turn = (lap: Lap): Promise<void> =>
    lap('run', async () => {
      for (const verb of ['validate', 'generate', 'plan']) await arc(verb);
    });
  const result = await race({ ...context, rounds, contenders: [{ name, turn }] });
  return result(name, 'run');
}

/** Services in chains of ten, so that the graph has depth as well as width. */
async function makeWorkspace(options: { workspace: string; count: number }): Promise<void> {
  const { workspace, count } = options;
  await mkdir(join(workspace, 'services'), { recursive: true });
  await writeFile(join(workspace, 'arc.yaml'), 'project: scale\nnetwork: scale_net\ndefault_profile: all\n');
  const roles = Array.from({ length: count }, (_, index) => `s${index}`);
  await writeFile(
    join(workspace, 'services', 'profiles.yaml'),
    `profiles:\n  all:\n    description: Everything.\n    services: [${roles.join(', ')}]\n`,
  );
  for (const [index, role] of roles.entries()) {
    const folder = join(workspace, 'services', role);
    await mkdir(folder);
    await writeFile(join(folder, 'service.yaml'), manifest({ role, index }));
    await writeFile(join(folder, 'app.conf.liquid'), 'port={{ ports.http }}\n');
  }
}

function manifest({ role, index }: { role: string; index: number }): string {
  const needs = index % 10 === 0 ? '' : `depends_on: [s${index - 1}]\n`;
  return `name: scale-${role}
role: ${role}
codename: ${role}
tech: demo
description: One of many.
image: ghcr.io/arc-framework/scale-${role}:latest
upstream: docker.io/library/demo:1.0
user: "65532:65532"
${needs}ports:
  - { name: http, container: ${10_000 + index}, purpose: demo }
config:
  - { template: app.conf.liquid, file: app.conf, target: /etc/app.conf }
health:
  probe: { kind: http, port: http, path: / }
  command: [CMD, /app, health]
`;
}
