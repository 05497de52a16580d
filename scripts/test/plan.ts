import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../tests/support/run-arc.ts';

// Which file runs where. One that is named nowhere runs on the first Engine, after the unit tests.

/**
 * What runs on a second Engine in a network of its own, where this machine can have one: files that need images, tools
 * and the stack's ports, and no network but the loopback interface. As much as is left for the first Engine.
 */
export const onSecondEngine = [
  'e2e/boot',
  'e2e/failures',
  'e2e/flavours',
  'e2e/interrupt',
  'e2e/new-service',
  'e2e/offline',
  'e2e/readme',
  'e2e/rollback',
  'e2e/secrets',
  'e2e/terminal',
  'integration/embedded-rpc',
].map((name) => `tests/${name}.test.ts`);

/** What needs neither the first Engine nor this machine's ports of the stack. */
export const withoutEngine = [
  'e2e/bare-machine',
  'e2e/release',
  'integration/doctor-daemon',
  'integration/doctor-install',
  'integration/images-lock',
  'integration/init',
  'integration/registry',
  'integration/release',
  'integration/release-supply',
  'integration/verify',
  'integration/workflows',
].map((name) => `tests/${name}.test.ts`);

/** What measures pictures and sound in real time: last, and with the machine to itself. */
export const media = [
  ...readdirSync(join(repository, 'tests', 'integration'))
    .filter((name) => /^embedded-(in|e)gress.*\.test\.ts$/.test(name))
    .map((name) => `tests/integration/${name}`),
  'tests/e2e/media-story.test.ts',
];
