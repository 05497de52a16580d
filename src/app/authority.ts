import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defined } from '../core/defined.ts';
import { ArcError, exitStatus, failed, prerequisite } from '../core/errors.ts';
import { run } from '../host/process.ts';
import { describeEnd, succeeded } from '../host/process-end.ts';
import { findProgram } from '../host/system.ts';
import { type TrustStore, trustStores } from '../host/trust-store.ts';
import { wantedCertificates } from '../stack/certificates.ts';
import { authorityFor, keepCertificates, newAuthority } from '../workspace/authority/store.ts';
import type { Context } from './context.ts';
import { notRoot } from './not-root.ts';
import { openStack } from './session.ts';

/** The workspace's own authority. */
export type Authority = {
  project: string;
  domain: string;
  /** As PEM. */
  certificate: string;
  fingerprint: string;
  until: Date;
};

const limitMilliseconds = 60_000;
const noRequest = { selection: [], without: [], set: [], flavour: [] };

/**
 * Returns the authority of the workspace. If there is none, creates a new one.
 *
 * @param options.keep whether a new authority is kept; otherwise the next call creates another one
 * @throws ArcError `no-authority` if no certificate is made by one under the workspace's settings
 */
export async function openAuthority(options: { context: Context; keep: boolean }): Promise<Authority> {
  const { context, keep } = options;
  const { workspace, stack } = await openStack({ context, request: noRequest, of: 'everything' });
  const { root, manifests } = workspace;
  const [first] = wantedCertificates({ services: manifests.services, settings: stack.settings });
  if (first === undefined)
    throw new ArcError({
      problem: {
        code: 'no-authority',
        message: "No service in this workspace has a certificate from arc's own authority.",
        suggestion: 'set `tls: internal` below `settings` in arc.yaml: the gateway then has one',
      },
      status: exitStatus.invalid,
    });
  const { domain } = first;
  const { project } = stack;
  // The stack's certificates needed one, so where there was none it has made it.
  const made = newAuthority(stack.keep);
  if (made !== undefined && keep) keepCertificates({ root, files: [made] });
  const authority = made ?? (await authorityFor({ root, project, domain, now: new Date() }));
  const { fingerprint256, validToDate } = new X509Certificate(authority.certificate);
  return {
    project,
    domain,
    certificate: authority.certificate,
    fingerprint: fingerprint256,
    until: validToDate,
  };
}

function storesOf(options: { context: Context; project: string; file: string }): readonly TrustStore[] {
  const { context, project, file } = options;
  const { environment } = context;
  return trustStores({
    facts: {
      platform: process.platform,
      home: environment.HOME ?? homedir(),
      exists: existsSync,
      program: (name) => findProgram(name, environment) !== undefined,
    },
    label: `arc-${project}`,
    file,
  });
}

/** What would be done with a store, and nothing is done. */
export type TrustStep = {
  store: string;
  /** The file that the certificate is written to, or that is removed. */
  file?: string;
  command: readonly string[];
  /** Whether only root may do it. */
  root: boolean;
};

/** What {@link setTrust} would do here; none where arc knows no store of this machine. */
export function trustSteps(options: {
  context: Context;
  authority: Authority;
  trusted: boolean;
}): readonly TrustStep[] {
  const { context, authority, trusted } = options;
  const stores = storesOf({ context, project: authority.project, file: '<certificate>' });
  return stores.map(({ name, file, add, remove, root }) => ({
    store: name,
    ...defined({ file }),
    command: trusted ? add : remove,
    root,
  }));
}

/**
 * Makes this machine trust the authority, or no longer.
 *
 * @returns the names of the stores
 * @throws ArcError `no-trust-store`, `not-root`, `trust-failed`
 */
export async function setTrust(options: {
  context: Context;
  authority: Authority;
  trusted: boolean;
}): Promise<readonly string[]> {
  const { context, authority, trusted } = options;
  const folder = mkdtempSync(join(tmpdir(), 'arc-ca-'));
  const file = join(folder, 'authority.pem');
  try {
    writeFileSync(file, authority.certificate);
    const stores = storesOf({ context, project: authority.project, file });
    refuse({ stores, context, trusted });
    for (const store of stores) await change({ store, context, authority, trusted });
    return stores.map(({ name }) => name);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function refuse(options: { stores: readonly TrustStore[]; context: Context; trusted: boolean }): void {
  const { stores, context, trusted } = options;
  const pem = `${context.program} ca show --pem`;
  if (stores.length === 0)
    throw prerequisite({
      code: 'no-trust-store',
      message: 'arc found no certificate store on this machine.',
      suggestion: `install ca-certificates, or give a program the certificate itself: ${pem}`,
    });
  if (process.getuid?.() !== 0 && stores.some(({ root }) => root))
    throw notRoot({
      context,
      may: 'change which certificates this machine trusts',
      words: `ca ${trusted ? 'trust' : 'untrust'}`,
    });
}

async function change(options: {
  store: TrustStore;
  context: Context;
  authority: Authority;
  trusted: boolean;
}): Promise<void> {
  const { store, context, authority, trusted } = options;
  if (store.file !== undefined) {
    if (trusted) writeFileSync(store.file, authority.certificate, { mode: 0o644 });
    else rmSync(store.file, { force: true });
  }
  const [name = '', ...args] = trusted ? store.add : store.remove;
  const { environment, signal } = context;
  // Programs for root alone are not in everybody's PATH.
  const command = findProgram(name, environment) ?? name;
  const ended = await run({ command, args, environment, limitMilliseconds, signal });
  // certutil fails where there is nothing to remove.
  if (succeeded(ended) || (!trusted && ended.kind === 'exited' && name === 'certutil')) return;
  throw failed({
    code: 'trust-failed',
    message: `${name} ${describeEnd(ended)}, so ${store.name} was not changed.`,
    detail: ended.tail,
  });
}
