// The table of services in README.md, from services/*/service.yaml and services/profiles.yaml.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { profileServices } from '../src/stack/profile-services.ts';
import { loadWorkspace } from '../src/workspace/load.ts';

const repository = join(import.meta.dirname, '..');

/** Pages of services that have none of their own name. */
const pages: Readonly<Record<string, string>> = {
  agent: 'voice',
  brain: 'voice',
  bridge: 'webhooks',
  realtime: 'streaming-and-recording',
  speech: 'voice',
  storage: 'buckets',
  streaming: 'streaming-events',
  telemetry: 'logs',
  watcher: 'contracts',
};

/** A Markdown table: each service with the first profile that boots it, in the order of profiles. */
export async function describeServices(): Promise<string> {
  const { manifests } = await loadWorkspace({ cwd: repository });
  const booted = manifests.profiles.map(({ name }) => ({
    name,
    roles: new Set(profileServices({ manifests, profile: name })),
  }));
  const rows = manifests.services
    .map(({ role, upstream, description }) => ({
      role,
      upstream,
      description,
      at: booted.findIndex(({ roles }) => roles.has(role)),
    }))
    .toSorted((one, other) => rank(one.at) - rank(other.at) || one.role.localeCompare(other.role))
    .map(
      ({ role, upstream, description, at }) =>
        `| ${link(role)} | ${profile(booted[at]?.name)} | ${program(upstream)} | ${description} |`,
    );
  return [
    '| service | from profile | upstream image | what it does |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** What no profile boots comes last. */
function rank(at: number): number {
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

function profile(name: string | undefined): string {
  return name === undefined ? 'none' : `\`${name}\``;
}

/** `livekit/livekit-server` of `docker.io/livekit/livekit-server:v1.13.5`. No registry has an image named `localhost/…`. */
function program(upstream: string): string {
  const [, path = ''] = /^[^/]+\/(?:library\/)?(.*):[^:]*$/.exec(upstream) ?? [];
  return upstream.startsWith('localhost/') ? "arc's own" : `\`${path}\``;
}

function link(role: string): string {
  const page = `docs/${pages[role] ?? role}.md`;
  return existsSync(join(repository, page)) ? `[\`${role}\`](${page})` : `\`${role}\``;
}
