import { describe, expect, test } from 'vitest';
import { container, manifests, release, service } from '../../tests/fixtures/manifests.ts';
import { Secret } from '../core/secret.ts';
import { asBootable } from '../stack/bootable.ts';
import { resolveStack } from '../stack/resolve.ts';
import { noChoices } from '../stack/settings.ts';
import { runtimeConfig } from './config.ts';
import { generateArtefacts } from './generate.ts';
import { isIntact } from './header.ts';
import { artefacts, platform, templates, text } from './platform.fixture.ts';

describe('what is generated', () => {
  test('the files of each service, in order of path', () => {
    expect(artefacts.map(({ path }) => path)).toEqual([
      'services/arc.mk',
      'services/cache/Dockerfile',
      'services/cache/cache.mk',
      'services/cache/docker-compose.start-interval.yml',
      'services/cache/docker-compose.yml',
      'services/cache/redis.conf',
      'services/realtime/Dockerfile',
      'services/realtime/Dockerfile.egress',
      'services/realtime/docker-compose.start-interval.yml',
      'services/realtime/docker-compose.yml',
      'services/realtime/realtime.mk',
      'services/storage/Dockerfile',
      'services/storage/docker-compose.start-interval.yml',
      'services/storage/docker-compose.yml',
      'services/storage/storage.mk',
    ]);
  });

  test('each with its header', () => {
    expect(artefacts.filter((artefact) => !isIntact(artefact.text))).toEqual([]);
  });

  test('the same again, in whatever order the manifests come', () => {
    const turned = { ...platform, services: platform.services.toReversed() };
    expect(generateArtefacts({ manifests: turned, templates, services: [] })).toEqual(artefacts);
  });

  test('of one service and what all services share, where one is named', () => {
    const some = generateArtefacts({ manifests: platform, templates, services: ['cache'] });
    expect(some).toEqual(
      artefacts.filter(({ path }) => path.startsWith('services/cache/') || path === 'services/arc.mk'),
    );
    expect(() => generateArtefacts({ manifests: platform, templates, services: ['cahce'] })).toThrow(
      'No service is called cahce.',
    );
  });

  test('an address that is looked up on each machine is not in it', () => {
    const lan = manifests({ services: platform.services, settings: { node_ip: 'lan' } });
    expect(generateArtefacts({ manifests: lan, templates, services: [] })).toEqual(artefacts);
  });

  test('nothing, where there are no services', () => {
    expect(generateArtefacts({ manifests: manifests({ services: [] }), templates, services: [] })).toEqual(
      [],
    );
  });

  test('services that need each other are refused', () => {
    const circle = manifests({
      services: [
        service({ role: 'a', needs: ['b'] }),
        service({ role: 'b', sidecars: [container({ role: 'b-side', needs: ['a'] })] }),
      ],
    });
    expect(() => generateArtefacts({ manifests: circle, templates, services: [] })).toThrow(
      'wait for each other',
    );
  });
});

describe('Dockerfile', () => {
  test('a thin wrapper around a base that can be replaced, with labels and a numeric user', () => {
    expect(text('services/realtime/Dockerfile').split('\n').slice(2).join('\n')).toBe(
      `ARG BASE_IMAGE=docker.io/library/realtime:1

FROM \${BASE_IMAGE}
ARG BASE_IMAGE
LABEL arc.service.codename="realtime-code" \\
      arc.service.name="arc-realtime" \\
      arc.service.role="realtime" \\
      arc.service.tech="tech" \\
      org.opencontainers.image.base.name="\${BASE_IMAGE}" \\
      org.opencontainers.image.description="The server, \\$5 \\"quoted\\"." \\
      org.opencontainers.image.title="arc-realtime"
USER 65532:65532
`,
    );
  });

  test('says where it is from and under which licences, where that is known', () => {
    const known = manifests({
      services: [service({ role: 'cache', licenses: 'LicenseRef-RSALv2 OR SSPL-1.0' })],
      release: release({ repository: 'https://github.com/owner/name' }),
    });
    const dockerfile = generateArtefacts({ manifests: known, templates: new Map(), services: [] }).find(
      ({ path }) => path === 'services/cache/Dockerfile',
    );
    expect(dockerfile?.text).toContain('image.licenses="LicenseRef-RSALv2 OR SSPL-1.0" \\\n');
    expect(dockerfile?.text).toContain('image.source="https://github.com/owner/name" \\\n');
  });

  test('a folder for data belongs to the user, and its parents stay as they are', () => {
    expect(text('services/cache/Dockerfile')).toContain('WORKDIR /owned/0/redis\n');
    expect(text('services/cache/Dockerfile')).toContain(
      'COPY --from=owned --chown=65532:65532 /owned/0/ /var/lib/\n',
    );
  });
});

describe('config files', () => {
  const options = {
    manifests: platform,
    templates,
    selection: ['realtime'],
    without: [],
    settings: noChoices,
  };

  test('with development secrets they are the committed ones', () => {
    const stack = asBootable(resolveStack({ ...options, secrets: new Map() }));
    expect(runtimeConfig(stack)).toEqual(
      artefacts.filter(({ path }) => path === 'services/cache/redis.conf'),
    );
  });

  test('with a real one they are in the private folder, and the others beside them, to make a whole set', () => {
    const plain = service({
      role: 'plain',
      config: [{ template: 'p.liquid', file: 'plain.conf', target: '/p' }],
    });
    const files = runtimeConfig(
      asBootable(
        resolveStack({
          ...options,
          manifests: manifests({ services: [...platform.services, plain] }),
          templates: new Map([...templates, ['services/plain/p.liquid', 'plain\n']]),
          selection: ['cache', 'plain'],
          secrets: new Map([['redis_password', new Secret('real-redis-password')]]),
        }),
      ),
    );
    expect(files.map(({ path }) => path)).toEqual([
      '.arc/config/cache/redis.conf',
      'services/plain/plain.conf',
      '.arc/config/plain/plain.conf',
    ]);
    expect(files[0]?.text).toContain('requirepass "real-redis-password"\n');
  });
});
