import { expect, it } from 'vitest';
import type { StepEvent } from '../../core/event.ts';
import { stepWords } from './words.ts';

function words(step: Partial<StepEvent> & Pick<StepEvent, 'verb' | 'on' | 'phase'>): string {
  const { subject, action, detail } = stepWords({ type: 'step', id: 'x', ...step });
  return `${subject} | ${action} | ${detail ?? ''}`;
}

it.each<[string, Partial<StepEvent> & Pick<StepEvent, 'verb' | 'on' | 'phase'>]>([
  ['network arc_net | create | ', { verb: 'create', on: 'network/arc_net', phase: 'waiting' }],
  ['cache | starting | ', { verb: 'start', on: 'container/arc-cache', role: 'cache', phase: 'running' }],
  ['cache | healthy | ', { verb: 'await', on: 'container/arc-cache', role: 'cache', phase: 'done' }],
  [
    'cache | waiting until healthy | PING redis://127.0.0.1:6379: connection refused',
    {
      verb: 'await',
      on: 'container/arc-cache',
      role: 'cache',
      phase: 'running',
      answer: { question: 'PING redis://127.0.0.1:6379', reply: 'connection refused', ok: false },
    },
  ],
  [
    'cache | pulling docker.io/library/redis:7.4 | 12 MB of 40 MB',
    {
      verb: 'pull',
      on: 'image/docker.io/library/redis:7.4',
      role: 'cache',
      phase: 'running',
      progress: { done: 12_000_000, total: 40_000_000, unit: 'bytes' },
    },
  ],
  [
    'cache | building image ghcr.io/a/cache | step 2 of 6, RUN x',
    {
      verb: 'build',
      on: 'image/ghcr.io/a/cache',
      role: 'cache',
      phase: 'running',
      progress: { done: 1, total: 6, unit: 'steps' },
      output: 'RUN x',
    },
  ],
  [
    'cache | built base arc-base/x | from its recipe on this machine; registry: not asked',
    { verb: 'build', on: 'base/arc-base/x', role: 'cache', phase: 'done', cause: 'registry: not asked' },
  ],
  [
    'cache | pull docker.io/x | connection refused',
    {
      verb: 'pull',
      on: 'image/docker.io/x',
      role: 'cache',
      phase: 'failed',
      problem: { code: 'image-not-pulled', message: 'connection refused' },
    },
  ],
  [
    'image arc-cache | sign | it is signed',
    { verb: 'sign', on: 'image/arc-cache', phase: 'skipped', kept: true, cause: 'it is signed' },
  ],
  [
    'SBOM arc-cache/linux/amd64 | attach | not run: no syft',
    { verb: 'attach', on: 'sbom/arc-cache/linux/amd64', phase: 'skipped', cause: 'no syft' },
  ],
  ['Docker Engine | started | ', { verb: 'start', on: 'engine/docker', phase: 'done' }],
  [
    'net.core.rmem_max | set | to 5000000',
    { verb: 'set', on: 'sysctl/net.core.rmem_max', phase: 'done', outcome: { value: '5000000' } },
  ],
])('%s', (text, step) => {
  expect(words(step)).toBe(text);
});
