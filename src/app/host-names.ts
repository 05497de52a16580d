import { readFileSync, writeFileSync } from 'node:fs';
import { ArcError, exitStatus, failed } from '../core/errors.ts';
import { withHosts } from '../host/hosts-file.ts';
import { engineAddress } from '../platform/docker/engine-address.ts';
import { routesOf } from '../stack/routes.ts';
import { indexWorkspace } from '../stack/workspace-index.ts';
import type { Context } from './context.ts';
import { notRoot } from './not-root.ts';
import { openStack } from './session.ts';

/** The names of a workspace's gateway, and the address that they lead to. */
export type HostNames = { project: string; address: string; names: readonly string[] };

/** The file of this system. */
export const systemHosts =
  process.platform === 'win32' ? 'C:\\Windows\\System32\\drivers\\etc\\hosts' : '/etc/hosts';

/**
 * The names of all routes.
 *
 * @param options.address where the gateway is; that of the Engine's machine unless given
 * @throws ArcError `no-routes`
 */
export async function hostNames(options: { context: Context; address?: string }): Promise<HostNames> {
  const { context } = options;
  const request = { selection: [], without: [], set: [], flavour: [] };
  const { workspace, stack } = await openStack({ context, request, of: 'everything' });
  const { settings } = stack;
  const index = indexWorkspace(workspace.manifests);
  const hosts = new Set(
    routesOf({ index, settings, isAbsent: () => false }).map(({ manifest }) => manifest.host),
  );
  const domain = settings.domain?.value;
  if (hosts.size === 0 || domain === undefined)
    throw new ArcError({
      problem: {
        code: 'no-routes',
        message: 'No service in this workspace has a route at the gateway.',
        suggestion: 'docs/gateway.md shows how to add one',
      },
      status: exitStatus.invalid,
    });
  const there = await engineAddress(context.environment);
  const address = options.address ?? there?.address ?? '127.0.0.1';
  return { project: stack.project, address, names: [...hosts].sort().map((host) => `${host}.${domain}`) };
}

/** As lines of a hosts file. */
export function hostsLines({ address, names }: HostNames): readonly string[] {
  return [`${address} ${names.join(' ')}`];
}

/**
 * What a hosts file would have in it with these lines, or without any.
 *
 * @returns nothing where that is what it has
 * @throws ArcError `hosts-broken`
 */
export function foreseeHosts(options: {
  file: string;
  project: string;
  lines: readonly string[];
}): string | undefined {
  const { file, project, lines } = options;
  const text = readHosts(file);
  const changed = withHosts({ text, project, lines });
  if (typeof changed !== 'string')
    throw failed({
      code: 'hosts-broken',
      message: `${file} has half a block of arc's lines: its ${changed.broken === 'begin' ? 'end' : 'begin'} is missing. Nothing was changed.`,
      suggestion: 'complete or remove it by hand',
      location: { file, line: changed.line, column: 1 },
    });
  return changed === text ? undefined : changed;
}

/**
 * Writes lines into a hosts file, or removes them. The file is changed in place: in a container it is a mount, which a
 * rename cannot replace.
 *
 * @returns whether anything was changed
 * @throws ArcError `hosts-broken`, `not-root`, `cannot-write`
 */
export function writeHosts(options: {
  context: Context;
  file: string;
  project: string;
  lines: readonly string[];
}): boolean {
  const { context, file, lines } = options;
  const changed = foreseeHosts(options);
  if (changed === undefined) return false;
  try {
    writeFileSync(file, changed, { encoding: 'latin1', flush: true });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM')
      throw notRoot({
        context,
        may: `write ${file}`,
        words: `hosts ${lines.length === 0 ? '--remove' : '--write'}`,
        cause,
      });
    throw failed({ code: 'cannot-write', message: `${file} could not be written: ${message}.` }, cause);
  }
  return true;
}

function readHosts(file: string): string {
  try {
    // Reads byte for byte, because a person's comments may have any encoding.
    return readFileSync(file, 'latin1');
  } catch (cause) {
    throw failed(
      { code: 'cannot-read', message: `${file} could not be read: ${(cause as Error).message}.` },
      cause,
    );
  }
}
