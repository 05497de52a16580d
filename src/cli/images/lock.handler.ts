import { join } from 'node:path';
import { type ExitStatus, exitStatus, invalid } from '../../core/errors.ts';
import { withUnixLineEnds } from '../../core/text.ts';
import { compareLock, describeDifference } from '../../images/lock/compare.ts';
import { formatLock } from '../../images/lock/format.ts';
import { lookUpBases } from '../../images/lock/look-up.ts';
import { type ImagesLock, lockFile } from '../../images/lock/model.ts';
import { readLock } from '../../images/lock/read.ts';
import { basesToAsk, type FoundBase, type LockChanges, relock } from '../../images/lock/relock.ts';
import { type WantedBase, wantedBases } from '../../images/lock/wanted.ts';
import type { ReleaseManifest } from '../../manifest/model-release.ts';
import { selectedRoles } from '../../stack/selection.ts';
import { readIfThere, replaceFile } from '../../workspace/files.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Cli, Handler } from '../cli.ts';

type LockOptions = { selection: readonly string[]; check?: boolean; update?: boolean };

/** Pins base images by digest in images.lock.yaml or, with `--check`, reports differences. */
export const lockImages: Handler<LockOptions> = async (options, cli) => {
  const { selection } = options;
  if (options.check === true && options.update === true) {
    throw invalid({
      code: 'bad-flag',
      message: '--check contacts no registry and writes nothing, and --update does both.',
      suggestion: 'give one of them',
    });
  }
  const { root, manifests } = await loadWorkspace({ cwd: cli.cwd });
  const lock = await readLock({ root });
  const used = wantedBases({ manifests });
  const wanted =
    selection.length === 0
      ? used
      : wantedBases({ manifests, roles: selectedRoles({ manifests, selection, without: [] }) });
  if (options.check === true) return check({ cli, lock, wanted, used });

  const asked = basesToAsk({ lock, wanted, update: options.update === true });
  const { environment, emit, signal } = cli;
  const { mirrors } = manifests.workspace;
  const found = await lookUpBases({ wanted: asked, environment, mirrors, emit, signal });
  const next = relock({ lock, used, found, today: new Date().toISOString().slice(0, 10) });
  warnOfPlatforms({ cli, asked, found, release: manifests.workspace.release });
  const path = join(root, lockFile);
  const text = formatLock(next.lock);
  const before = readIfThere(path);
  const changed = before === undefined || withUnixLineEnds(before) !== text;
  if (changed) replaceFile({ path, text, mode: 0o644 });
  cli.result({
    data: { file: lockFile, written: changed, ...next.changes },
    text: () => report({ ...next, changed }),
  });
  return exitStatus.done;
};

function check(options: {
  cli: Cli;
  lock: ImagesLock;
  wanted: readonly WantedBase[];
  used: readonly WantedBase[];
}): ExitStatus {
  const { cli, lock, wanted } = options;
  const differences = compareLock(options);
  const fits = differences.length === 0;
  cli.result({
    data: { file: lockFile, fits, differences },
    text: () =>
      fits
        ? `${lockFile} matches the manifests: ${bases(wanted.length)}. arc contacted no registry.`
        : [
            ...differences.map((difference) => `${lockFile}: ${describeDifference(difference)}`),
            `Run \`arc images lock\` to bring it up to date; ${bases(lock.bases.size)} locked so far.`,
          ].join('\n'),
  });
  return fits ? exitStatus.done : exitStatus.drift;
}

/** arc locks it anyway: a person who builds for one platform does not need the others. */
function warnOfPlatforms(options: {
  cli: Cli;
  asked: readonly WantedBase[];
  found: ReadonlyMap<string, FoundBase>;
  release: ReleaseManifest | undefined;
}): void {
  const { cli, asked, found, release } = options;
  for (const { reference, roles } of asked) {
    const platforms = found.get(reference)?.platforms ?? {};
    const lacking = (release?.platforms ?? []).filter((platform) => platforms[platform] === undefined);
    if (lacking.length === 0) continue;
    cli.emit({
      type: 'warning',
      problem: {
        code: 'base-without-platform',
        message: `The base of ${roles.join(', ')}, ${reference}, has no image for ${lacking.join(', ')}, so arc cannot release it for every platform in arc.yaml.`,
        suggestion:
          'name another `upstream` in the manifest, or fewer `platforms` under `release` in arc.yaml',
      },
    });
  }
}

function report(options: { lock: ImagesLock; changes: LockChanges; changed: boolean }): string {
  const { lock, changes, changed } = options;
  const { added, updated, removed, kept } = changes;
  if (!changed) return `${lockFile} is up to date: ${bases(kept.length)}.`;
  return [
    ...added.map((reference) => `+ ${reference}  ${short(lock.bases.get(reference)?.digest)}`),
    ...updated.map(({ reference, from, to }) => `~ ${reference}  ${short(from)} → ${short(to)}`),
    ...removed.map((reference) => `- ${reference}`),
    `Wrote ${lockFile}${kept.length === 0 ? '' : `; ${bases(kept.length)} as before`}.`,
  ].join('\n');
}

function bases(count: number): string {
  return `${count} ${count === 1 ? 'base' : 'bases'}`;
}

/** As much of a digest as people compare. */
function short(digest = ''): string {
  return digest.slice(0, 'sha256:'.length + 12);
}
