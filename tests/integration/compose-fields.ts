import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

// A workspace whose two services use what the product's own do not (yet): one serves files, the other one waits for it.

export type FieldsWorkspace = {
  root: string;
  read: (path: string) => string;
  write: (path: string, text: string) => void;
  remove: () => void;
};

const recipe = `recipe:
  - kind: debian
    suite: bookworm
    variant: extract
    packages: [busybox-static]
    links: { /bin/sh: busybox, /bin/wget: busybox }
`;

const files: Readonly<Record<string, string>> = {
  'arc.yaml': 'project: arcfields\nnetwork: arcfields_net\ndefault_profile: all\n',
  'services/profiles.yaml': `profiles:
  all: { description: Both., services: [app] }
`,
  'services/store/service.yaml': `name: arcfields-store
role: store
codename: tardis
tech: busybox
description: A server whose image has nothing that the Engine could ask it with.
image: localhost/arc-test/fields-store:latest
upstream: localhost/arc-test/busybox:1
${recipe}user: "65532:0"
root_group: its files belong to the group 0
read_only: true
entrypoint: [/bin/busybox]
command: [httpd, -f, -p, "8080"]
ports:
  - { name: http, container: 8080, host: 18481, public: true, purpose: answers }
health:
  probe: { kind: tcp, port: http }
`,
  'services/app/service.yaml': `name: arcfields-app
role: app
codename: scarlett
tech: busybox
description: A server with every field that a container may have.
image: localhost/arc-test/fields-app:latest
upstream: localhost/arc-test/busybox:1
${recipe}user: "65532:65532"
read_only: true
depends_on:
  - store
  - { service: watcher, when_present: true }
entrypoint: [/bin/busybox]
command: [httpd, -f, -p, "8080"]
aliases: [front, front.arc.internal]
ports:
  - { name: http, container: 8080, publish: false, purpose: answers }
health:
  probe: { kind: tcp, port: http }
  command: [CMD, /bin/wget, -q, -O, /dev/null, "http://127.0.0.1:{{ ports.http }}/bin/busybox"]
  interval: 1s
resources:
  memory: 64m
  ulimits:
    nofile: { soft: 1024, hard: 4096 }
    core: 0
logging:
  driver: json-file
  options: { max-size: 4m, max-file: "2", tag: "{% if containers.watcher %}watched{% endif %}" }
`,
  'services/watcher/service.yaml': `name: arcfields-watcher
role: watcher
codename: watcher
tech: busybox
description: What nothing needs.
image: localhost/arc-test/fields-watcher:latest
upstream: localhost/arc-test/busybox:1
${recipe}user: "65532:65532"
entrypoint: [/bin/busybox]
command: [httpd, -f, -p, "8080"]
health:
  probe: { kind: container }
  command: [CMD, /bin/busybox, "true"]
`,
};

/** Writes the workspace into a temporary folder. */
export function writeFieldsWorkspace(): FieldsWorkspace {
  const root = mkdtempSync(join(tmpdir(), 'arcfields-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  for (const [path, text] of Object.entries(files)) write(path, text);
  return { root, read, write, remove: () => rmSync(root, { recursive: true, force: true }) };
}
