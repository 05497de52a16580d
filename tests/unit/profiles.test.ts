import { beforeAll, describe, expect, test } from 'vitest';
import { memoryNeeds } from '../../src/stack/memory.ts';
import type { Stack } from '../../src/stack/model.ts';
import { loadStack, loadWorkspace, type Workspace } from '../../src/workspace/load.ts';
import { repository } from '../support/run-arc.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await loadWorkspace({ cwd: repository });
});

function stackOf(...selection: string[]): Promise<Stack> {
  return loadStack({ workspace, request: { selection, without: [], settings: {} }, environment: {} });
}

const services = ({ containers }: Stack): readonly string[] =>
  containers.filter(({ kind }) => kind === 'service').map(({ role }) => role);

describe('the profiles of this repository', () => {
  test('have a bound of memory for each container, so that their sum is what a machine needs', async () => {
    const { containers } = await stackOf(...workspace.manifests.services.map(({ role }) => role));
    const { most, largest, unbounded } = memoryNeeds(containers);
    expect(unbounded).toEqual([]);
    expect(most).toBeGreaterThan(largest?.bytes ?? Infinity);
  });

  test('think is five containers', async () => {
    expect(services(await stackOf('think'))).toHaveLength(5);
  });

  test.each(['reason', 'ultra-instinct'])('%s has each exporter whose server is in it', async (profile) => {
    const roles = services(await stackOf(profile));
    const exporters = workspace.manifests.services.flatMap(({ role, sidecars }) =>
      roles.includes(role) ? sidecars.filter(({ only_with }) => only_with.includes('metrics')) : [],
    );
    expect(exporters.map(({ role }) => role)).toContain('cache-metrics');
    for (const { role } of exporters) expect(roles).toContain(role);
  });
});
