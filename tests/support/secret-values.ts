import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { parse } from 'yaml';
import type { TestWorkspace } from './workspace.ts';

type Declared = { secrets?: Record<string, { dev: string; env: string }> };

/**
 * Every value that must never be shown: the development ones and those in the secrets file. The name of an API key
 * is none, for it is part of every token and developers are told it.
 */
export function secretValues(workspace: TestWorkspace): string[] {
  const services = join(workspace.root, 'services');
  const manifests = readdirSync(services)
    .map((role) => join(services, role, 'service.yaml'))
    .filter((path) => existsSync(path));
  const declared = manifests.flatMap((path) => {
    const manifest = parse(readFileSync(path, 'utf8'), { merge: true }) as Declared;
    return Object.entries(manifest.secrets ?? {});
  });
  const secret = declared.filter(([name]) => !name.endsWith('_api_key')).map(([, value]) => value);
  const real = realSecrets(workspace);
  return secret.flatMap(({ dev, env }) => [dev, ...(real[env] ? [real[env]] : [])]);
}

/** What `arc secrets generate` made, by name of the variable. */
export function realSecrets(workspace: TestWorkspace): Record<string, string | undefined> {
  try {
    return parseEnv(workspace.read('.arc/secrets.env'));
  } catch {
    return {};
  }
}

/** Secrets and JSON Web Tokens that are in a text, in a form that names them without repeating them. */
export function leaksIn(text: string, secrets: readonly string[]): string[] {
  const shown = secrets.filter((secret) => text.includes(secret));
  const tokens = text.match(/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+/g) ?? [];
  return [...shown, ...tokens].map((leak) => `${leak.slice(0, 6)}… in: ${lineWith(text, leak)}`);
}

function lineWith(text: string, part: string): string {
  return (text.split('\n').find((line) => line.includes(part)) ?? '').replaceAll(part, '<SECRET>').trim();
}
