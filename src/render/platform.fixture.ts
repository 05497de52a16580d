import { load } from 'js-yaml';
import { container, job, manifests, port, secret, service, setting } from '../../tests/fixtures/manifests.ts';
import { generateArtefacts } from './generate.ts';

// Three services that need each other, and everything that is generated from them.

const cache = service({
  role: 'cache',
  upstream: 'docker.io/library/redis:7.4',
  config: [{ template: 'redis.conf.liquid', file: 'redis.conf', target: '/etc/arc/redis.conf' }],
  volumes: [{ name: 'data', target: '/var/lib/redis' }],
  resources: { memory: 256 * 1024 ** 2, cpus: 1.5, pids: 100, shm: 64_000 },
  secrets: { redis_password: secret({ dev: 'dev-redis-password', env: 'REDIS_PASSWORD' }) },
});
const storage = service({
  role: 'storage',
  jobs: [job({ role: 'storage-buckets', needs: ['storage'], tmpfs: ['/tmp'] })],
});
const realtime = service({
  role: 'realtime',
  needs: ['cache?'],
  description: 'The server, $5 "quoted".',
  ports: [
    port({ name: 'http', number: 7880 }),
    port({ name: 'media', number: 50100, last: 50200, protocol: 'udp', bind: '0.0.0.0' }),
  ],
  environment: { NODE_IP: '{{ settings.node_ip }}', PRICE: '$5' },
  settings: {
    media: setting({ default: 'range', values: ['range', 'mux'], env: 'ARC_MEDIA' }),
    node_ip: setting({
      description: "The server's address.",
      default: '127.0.0.1',
      kind: 'address',
      env: 'LIVEKIT_NODE_IP',
    }),
  },
  sidecars: [
    container({ role: 'realtime-egress', needs: ['realtime!', 'storage-buckets'], cap_add: ['SYS_ADMIN'] }),
  ],
});
export const platform = manifests({ services: [cache, storage, realtime] });
export const templates = new Map([
  ['services/cache/redis.conf.liquid', 'requirepass {{ secrets.redis_password | redis }}\n'],
]);

export const artefacts = generateArtefacts({ manifests: platform, templates, services: [] });

/** The text of a generated file. */
export function text(path: string): string {
  const found = artefacts.find((artefact) => artefact.path === path);
  if (found === undefined) throw new Error(`no ${path}`);
  return found.text;
}

/** A service as the compose file of its folder has it. */
export function compose(service: string, role: string): Record<string, unknown> {
  const file = load(text(`services/${service}/docker-compose.yml`)) as {
    services: Record<string, Record<string, unknown>>;
  };
  return file.services[role] ?? {};
}
