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

/** Everything that quoting can get wrong. */
export const trickySecrets = {
  token: `/+=$HOME$$ {x} #"'\` \\`,
  key: `-----BEGIN X-----\nab+/=\n-----END X-----\n\n`,
};

/** Between double quotes of YAML. */
const quoted = (text: string) => JSON.stringify(text).slice(1, -1);

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
tmpfs: [/tmp]
entrypoint: [sh, -c]
# It looks for itself whether its rules have changed, and says when it has loaded them.
command:
  - |
    mkdir /tmp/www && busybox httpd -p 8080 -h /tmp/www
    while :; do
      now=$(busybox cat /etc/rules/*/*.sql | busybox sha256sum)
      [ "$now" = "$before" ] || { before=$now; echo "{\\"loaded\\": $(busybox date +%s)}" > /tmp/www/state; }
      busybox sleep 0.1
    done
folders:
  - folder: rules
    target: /etc/rules
    reload: { kind: watch, proof: { port: http, path: /state, pattern: '"loaded": (\\d+)', mark: time } }
ports:
  - { name: http, container: 8080, host: 18481, public: true, purpose: answers }
health:
  probe: { kind: http, port: http, path: /state }
`,
  'services/store/rules/deep/one.sql': 'select 1;\n',

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
tmpfs: [/tmp]
entrypoint: [sh, -c]
# It loads its configuration at its start and with SIGHUP, and says which one it has.
command:
  - |
    load() { busybox sha256sum < /etc/app/app.conf > /tmp/www/digest; }
    mkdir /tmp/www && load && trap load HUP
    busybox httpd -p 8080 -h /tmp/www
    while :; do busybox sleep 1000 & wait $!; kill $!; done
folders:
  - folder: conf
    target: /etc/app
    reload:
      kind: signal
      proof: { port: http, path: /digest, pattern: "^([0-9a-f]{64})", mark: digest, file: app.conf }
  - folder: pages
    target: /srv/pages
env_from: { APP_TOKEN: app_token }
secret_files:
  - { secret: app_key, file: app.pem, target: /run/secrets/app.pem }
secrets:
  app_token:
    description: What it is called with.
    dev: "${quoted(trickySecrets.token)}"
    generate: { length: 40 }
    env: APP_TOKEN
  app_key:
    description: A key that it signs with.
    dev: "${quoted(trickySecrets.key)}"
    characters: text
    generate: { length: 40 }
    env: APP_KEY
settings:
  greeting: { description: What it says., default: "hello" }
aliases: [front, front.arc.internal]
ports:
  - { name: http, container: 8080, publish: false, purpose: answers }
health:
  probe: { kind: tcp, port: http }
  command: [CMD, /bin/wget, -q, -O, /dev/null, "http://127.0.0.1:{{ ports.http }}/digest"]
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
  'services/app/conf/app.conf.liquid': 'say {{ settings.greeting | shell }}\n',
  'services/app/pages/a.json': '{}\n',
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
