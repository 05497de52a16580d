import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { artefacts, text } from './platform.fixture.ts';

describe('make fragment', () => {
  test('says what a service consists of; what its targets do is in the shared file', () => {
    expect(
      text('services/realtime/realtime.mk').split('\n').slice(2).join('\n'),
    ).toBe(`arc_service := realtime
realtime_folder := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
realtime_services := realtime realtime-egress
realtime_containers := arc-realtime arc-realtime-egress
realtime_stop := arc-realtime-egress arc-realtime
realtime_builds := ${[
      'ghcr.io/arc-framework/arc-realtime:latest|Dockerfile|ARC_REALTIME_BASE',
      'ghcr.io/arc-framework/arc-realtime-egress:latest|Dockerfile.egress|ARC_REALTIME_EGRESS_BASE',
    ].join(' ')}
realtime-egress_containers := arc-realtime-egress
include $(realtime_folder)/../arc.mk
`);
  });

  test('has jobs and data where the service has them', () => {
    expect(text('services/storage/storage.mk')).toContain('storage_jobs := storage-buckets\n');
    expect(text('services/cache/cache.mk')).toContain('cache_volumes := arc-cache-data\n');
  });
});

describe('shared make file', () => {
  /** @param options.programs that the targets are carried out with; else it is told what they would do */
  const makeIn = async (options: {
    arc: boolean;
    targets: readonly string[];
    programs?: Readonly<Record<string, string>>;
  }) => {
    const { programs } = options;
    const folder = mkdtempSync(join(tmpdir(), 'arc-make-'));
    try {
      for (const { path, text } of artefacts) {
        mkdirSync(join(folder, dirname(path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      writeFileSync(join(folder, 'Makefile'), 'include $(wildcard services/*/*.mk)\n');
      for (const [name, script] of Object.entries(programs ?? {}))
        writeFileSync(join(folder, name), script, { mode: 0o755 });
      const { stdout } = await execa(
        'make',
        [
          ...(programs ? [] : ['--dry-run']),
          '--no-print-directory',
          options.arc ? 'ARC=/bin/true' : 'ARC=',
          ...options.targets,
        ],
        { cwd: folder, env: programs ? { PATH: `${folder}:${process.env.PATH}` } : {} },
      );
      return stdout.split('\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test('calls arc for a service and for one of its containers', async () => {
    const targets = ['realtime-up', 'realtime-egress-down', 'cache-health', 'storage-logs', 'build-all'];
    expect(await makeIn({ arc: true, targets })).toEqual([
      '/bin/true up realtime ',
      '/bin/true down realtime-egress',
      '/bin/true health cache',
      '/bin/true logs storage --follow',
      '/bin/true build cache ',
      '/bin/true build realtime ',
      '/bin/true build storage ',
    ]);
  });

  /** A Docker of this API version, and a Compose that says how it is called, or knows no `start_interval`. */
  const programsOf = ({ api, knows }: { api: string; knows: boolean }) => ({
    docker: `#!/bin/sh\n[ "$1" != version ] || echo '${api}'\n`,
    compose: `#!/bin/sh\n[ "$5" != config ] || exit ${knows ? 0 : 1}\necho "compose $*"\n`,
  });

  test('without arc starts what stays, then runs each job to its end', async () => {
    const programs = programsOf({ api: '1.41', knows: true });
    const targets = ['storage-up', 'DOCKER_COMPOSE=compose'];
    expect(await makeIn({ arc: false, targets, programs })).toEqual([
      'compose --file services/storage/docker-compose.yml up --detach --wait storage',
      'compose --file services/storage/docker-compose.yml up --no-deps --exit-code-from storage-buckets storage-buckets',
    ]);
  });

  test.each([
    { api: '1.41', knows: true, files: '' },
    { api: '1.44', knows: true, files: ' --file services/cache/docker-compose.start-interval.yml' },
    { api: '1.56', knows: true, files: ' --file services/cache/docker-compose.start-interval.yml' },
    { api: '1.56', knows: false, files: '' },
    { api: '', knows: true, files: '' },
  ])(
    'sets start_interval where the Engine (API $api) and Compose know it: $knows',
    async ({ api, knows, files }) => {
      const programs = programsOf({ api, knows });
      expect(await makeIn({ arc: false, targets: ['cache-up', 'DOCKER_COMPOSE=compose'], programs })).toEqual(
        [`compose --file services/cache/docker-compose.yml${files} up --detach --wait cache`],
      );
    },
  );

  test('without arc builds each image on a base that can be replaced', async () => {
    const [line] = await makeIn({ arc: false, targets: ['realtime-build', 'ARC_REALTIME_BASE=mine:1'] });
    expect(line?.split(' && ')).toEqual([
      'docker build --build-arg BASE_IMAGE=mine:1 --tag ghcr.io/arc-framework/arc-realtime:latest --file services/realtime/Dockerfile services/realtime',
      'docker build  --tag ghcr.io/arc-framework/arc-realtime-egress:latest --file services/realtime/Dockerfile.egress services/realtime',
      'true',
    ]);
  });

  test('names what is lost before it asks', async () => {
    const lines = (await makeIn({ arc: false, targets: ['cache-clean'] })).join('\n');
    expect(lines).toContain("'the containers arc-cache and THE DATA in arc-cache-data'");
    expect(lines).toContain('docker volume rm --force arc-cache-data');
  });

  test('tags and pushes every image by the version that is given, and asks for one', async () => {
    const lines = (await makeIn({ arc: false, targets: ['realtime-push', 'VERSION=v0.1.0'] })).join('\n');
    expect(lines).toContain(
      'for image in ghcr.io/arc-framework/arc-realtime-egress:latest ghcr.io/arc-framework/arc-realtime:latest;',
    );
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expansion of the shell
    expect(lines).toContain('docker push ${image%:*}:v0.1.0');
    expect((await makeIn({ arc: true, targets: ['realtime-tag'] })).join('\n')).toContain('which version?');
  });
});
