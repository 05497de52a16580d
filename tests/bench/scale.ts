import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { run } from './measure.ts';

/** Seconds in which 1,000 services must be validated, generated and planned, and how much longer 10,000 may take. */
const bounds = { seconds: 2, growth: 12 };

/** validate + generate + plan of a made-up workspace, as whole processes. */
export async function benchScale(options: { folder: string; arc: string }): Promise<void> {
  const times: number[] = [];
  for (const count of [1_000, 10_000]) {
    const workspace = join(options.folder, `services-${count}`);
    await makeWorkspace({ workspace, count });
    // The first generate writes the files; what is timed finds them as they should be.
    await run(options.arc, ['generate', '--quiet'], { cwd: workspace });
    const parts: string[] = [];
    let total = 0;
    for (const words of [['validate'], ['generate'], ['plan']]) {
      const start = performance.now();
      await run(options.arc, [...words, '--quiet'], { cwd: workspace });
      const seconds = (performance.now() - start) / 1000;
      total += seconds;
      parts.push(`${words[0]} ${seconds.toFixed(2)} s`);
    }
    times.push(total);
    process.stdout.write(`\n${count} services: ${total.toFixed(2)} s (${parts.join(', ')})\n`);
  }
  const [small = Number.NaN, large = Number.NaN] = times;
  const growth = large / small;
  process.stdout.write(
    `  ${small <= bounds.seconds ? 'ok  ' : 'OVER'} 1,000 services within ${bounds.seconds} s: ${small.toFixed(2)} s\n` +
      `  ${growth <= bounds.growth ? 'ok  ' : 'OVER'} 10,000 ÷ 1,000: ${growth.toFixed(1)} (at most ${bounds.growth})\n`,
  );
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
