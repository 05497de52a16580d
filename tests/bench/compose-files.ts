import { readFile, writeFile } from 'node:fs/promises';
import { CORE_SCHEMA, dump, load, mergeTag } from 'js-yaml';

/** The first API version that knows `start_interval`: Docker Engine 25. */
const startIntervalApi = 44;
/** Of 100, 250, 500 and 1000 ms, Compose boots the stack fastest with this one. */
const interval = '250ms';

type ComposeFile = { services: Record<string, { healthcheck?: Record<string, unknown> }> };

/**
 * Lets Compose notice as early as it can that a container is healthy. The Engine makes its first check after one whole
 * `interval`. From Docker Engine 25 on it takes `start_interval` instead while `start_period` lasts: 5 s where the file
 * says nothing. Older Engines refuse the key.
 *
 * @param api the newest API version of the Engine: `1.44`
 */
export function quickenHealthChecks(file: string, api: string): string {
  const compose = load(file) as ComposeFile;
  const hasStartInterval = Number(api.split('.')[1]) >= startIntervalApi;
  for (const { healthcheck } of Object.values(compose.services)) {
    if (healthcheck === undefined) continue;
    healthcheck.interval = interval;
    if (hasStartInterval) healthcheck.start_interval = interval;
  }
  return dump(compose, { lineWidth: -1 });
}

/** The same, of files on disk. */
export async function quickenFiles(files: readonly string[], api: string): Promise<void> {
  for (const file of files) await writeFile(file, quickenHealthChecks(await readFile(file, 'utf8'), api));
}

/** What a flavour lacks is said of flavours alone. */
type Sidecar = { flavours?: { embedded?: { without?: string } } };

/**
 * Makes the embedded flavour of a service's containers their only one, because generated files are of the upstream's,
 * whose images can only be pulled.
 *
 * @param file service.yaml of the bench's own workspace
 */
export async function useEmbedded(file: string): Promise<void> {
  const manifest = load(await readFile(file, 'utf8'), {
    schema: CORE_SCHEMA.withTags(mergeTag),
  }) as { sidecars?: readonly Sidecar[] };
  const sidecars = (manifest.sidecars ?? []).map(({ flavours, ...own }) => {
    const { without: _, ...embedded } = flavours?.embedded ?? {};
    return { ...own, ...embedded };
  });
  await writeFile(file, dump({ ...manifest, sidecars }, { lineWidth: -1 }));
}
