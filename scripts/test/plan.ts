// Which file runs where. One that is named nowhere runs on the first Engine, after the unit tests.

/**
 * What runs on a second Engine in a network of its own, where this machine can have one: files that need images, tools
 * and the stack's ports, and no network but the loopback interface. It is a current Engine, so what Engines differ in
 * is there: boots, failures, health checks, networks, and above all images. The first, an old one, has as many boots.
 */
export const onSecondEngine = [
  'e2e/bench',
  'e2e/boot',
  'e2e/failures',
  'e2e/interrupt',
  'e2e/offline',
  'e2e/rollback',
  'integration/compose-equivalence',
  'integration/compose-fields',
  'integration/embedded-rpc',
  'integration/images-archive',
  'integration/images-builder',
  'integration/images-leftovers',
  'integration/images-locked',
  'integration/images-origin',
  'integration/images-prune',
  'integration/images-registry',
  'integration/images-user',
].map((name) => `tests/${name}.test.ts`);

/** What needs neither the first Engine nor this machine's ports of the stack. */
export const withoutEngine = [
  'e2e/bare-machine',
  'e2e/launcher',
  'e2e/release',
  'e2e/remote-engine',
  'e2e/remote-rollback',
  'e2e/remote-tls',
  'integration/apt-locks',
  'integration/contract',
  'integration/contract-clients',
  'integration/contract-clients-letters',
  'integration/contract-go',
  'integration/doctor-daemon',
  'integration/doctor-install',
  'integration/images-lock',
  'integration/init',
  'integration/registry',
  'integration/release',
  'integration/release-program',
  'integration/release-supply',
  'integration/validate-again',
  'integration/verify',
  'integration/watcher-program',
  'integration/workflows',
].map((name) => `tests/${name}.test.ts`);

/** What runs on whichever Engine has time for it, the longest first; the second one has no network. */
export const onEitherEngine = [
  'integration/embedded-egress-faults',
  'integration/embedded-egress-endings',
  'integration/embedded-ingress',
  'integration/embedded-ingress-encoders',
  'integration/embedded-egress-sharing',
  'e2e/secrets',
  'e2e/watcher',
  'e2e/brain',
  'e2e/new-service',
  'e2e/two-stacks',
  'e2e/terminal',
  'e2e/readme',
  'e2e/sql',
  'e2e/sql-roles',
  'e2e/sql-commands',
  'e2e/sql-vectors',
  'e2e/sql-point-in-time',
  'e2e/sql-storage-full',
  'e2e/traces-disk-full',
  'e2e/traces-livekit',
  'e2e/sql-away',
  'e2e/metrics',
  'e2e/metrics-disk-full',
  'e2e/messaging-streams',
  'e2e/messaging-rights',
  'e2e/messaging-away',
  'e2e/messaging-disk-full',
  'e2e/contract-messages',
  'e2e/streaming',
  'e2e/streaming-disk-full',
  'e2e/streaming-objects',
  'e2e/streaming-contracts',
  'e2e/contract-clients-pulsar',
  'e2e/contract-streaming',
  'e2e/when-present',
  'e2e/traces',
  'e2e/traces-webhook',
  'e2e/traces-programs',
  'e2e/logs',
  'e2e/logs-disk-full',
  'e2e/webhooks',
  'e2e/webhooks-disk-full',
  'e2e/bridge',
  'e2e/drift',
  'e2e/adopted',
  'e2e/events',
  'e2e/engine-requests',
  'integration/embedded-egress-upload',
].map((name) => `tests/${name}.test.ts`);

/**
 * What counts each picture of a recording and holds its sound against them, and conversations in real time: last, and with
 * the machine to itself.
 */
export const media = [
  'integration/embedded-egress',
  'integration/embedded-egress-segments',
  'integration/embedded-egress-streams',
  'e2e/media-story',
  'e2e/voice',
  'e2e/voice-trace',
].map((name) => `tests/${name}.test.ts`);
