import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DebianStep } from '../../manifest/model-recipe.ts';
import { type Contribution, pathIn, type RecipeKind } from './kind.ts';
import { runTool } from './run-tool.ts';
import { recipeTools } from './tools.ts';

/** Documentation and translations are left out; the licences stay. */
const excluded = [
  'path-exclude=/usr/share/doc/*',
  'path-include=/usr/share/doc/*/copyright',
  'path-exclude=/usr/share/info/*',
  'path-exclude=/usr/share/locale/*',
  'path-exclude=/usr/share/man/*',
];

/** mmdebstrap copies these from the machine that it runs on. */
const forgetHost = 'rm -f "$1/etc/hostname" "$1/etc/resolv.conf"';

/** Does the work of ca-certificates' install script, because scripts do not run in an extracted system. */
const bundleCertificates =
  'if [ -d "$1/usr/share/ca-certificates/mozilla" ]; then ' +
  'cat "$1/usr/share/ca-certificates/mozilla/"*.crt > "$1/etc/ssl/certs/ca-certificates.crt"; fi';

/**
 * Java's install script links its manual pages and fails if their folder was left out. arc creates the folder for that
 * script and empties it afterwards. It must come after the essential packages, because one of those records whether the
 * folder exists.
 */
const manualPages = 'mkdir -p "$1/usr/share/man/man1"';
const noManualPages = 'rm -rf "$1/usr/share/man/"*';

/** A root file system of Debian packages. */
export const debian: RecipeKind<DebianStep> = {
  describe: (step) => `Debian ${step.suite} packages ${step.packages.join(', ')}`,
  contribute: async (step, context) => {
    const file = join(context.work, 'debian.tar');
    await runTool({
      tool: recipeTools.debian,
      args: [...mmdebstrapArguments(step, context.architecture), step.suite, file],
      cwd: context.work,
      // Every file gets the same time, so that the same packages give the same archive.
      environment: { ...context.environment, SOURCE_DATE_EPOCH: '0' },
      signal: context.signal,
      onLine: (line) => {
        if (line.startsWith('I: ')) context.update(line.slice(3));
      },
    });
    const archive: Contribution = { kind: 'tar', file };
    const links = Object.entries(step.links);
    if (links.length === 0) return [archive];
    const root = join(context.work, 'links');
    for (const [link, target] of links) {
      const path = pathIn(root, link);
      await mkdir(dirname(path), { recursive: true });
      await symlink(target, path);
    }
    return [archive, { kind: 'folder', path: root }];
  },
};

/** Arguments of mmdebstrap, except the suite and the file. */
export function mmdebstrapArguments(
  step: Pick<DebianStep, 'variant' | 'packages'>,
  architecture: string,
): readonly string[] {
  // The hooks for customising do not run where packages are only extracted.
  const hooks =
    step.variant === 'extract'
      ? [`--extract-hook=${bundleCertificates}`, `--extract-hook=${forgetHost}`]
      : [
          `--essential-hook=${manualPages}`,
          `--customize-hook=${noManualPages}`,
          `--customize-hook=${forgetHost}`,
        ];
  return [
    `--variant=${step.variant}`,
    `--architectures=${architecture === 'arm' ? 'armhf' : architecture}`,
    '--format=tar',
    `--include=${step.packages.join(',')}`,
    ...excluded.map((option) => `--dpkgopt=${option}`),
    ...hooks,
  ];
}
