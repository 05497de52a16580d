import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { FixedMavenStep } from './fixed-step.ts';
import { pathIn, type RecipeKind, type StepContext } from './kind.ts';
import { leaveOut } from './leave-out.ts';
import { checkArtifacts, type FetchedArtifact } from './maven-check.ts';
import { coordinatesOf, fileNameOf, formatCoordinates } from './maven-coordinates.ts';
import { projectOf } from './maven-pom.ts';
import { runTool } from './run-tool.ts';
import { takeFiles } from './take-files.ts';
import { recipeTools } from './tools.ts';
import { unpack } from './unpack.ts';

/** Fetches, by Maven's own rules of which version wins; runs on Maven 3.6.3 and newer. */
const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** Longest silence of Maven: it says when it begins with a file, which may have 250 megabytes. */
const idleMilliseconds = 15 * 60_000;

/** Files of a Maven repository, each of which has the SHA-256 that the recipe or its lock file has. */
export const maven: RecipeKind<FixedMavenStep> = {
  describe: (step) => `${Object.keys(step.artifacts).join(', ')} from Maven`,
  contribute: async (step, context) => {
    const root = join(context.work, 'root');
    await mkdir(root);
    const fetched = await fetchArtifacts(step, context);
    checkArtifacts({ step, fetched });
    if (step.target !== undefined) await copyTo({ fetched, folder: pathIn(root, step.target) });
    if (step.files !== undefined) await unpackTo({ step, take: step.files, fetched, root, context });
    return [{ kind: 'folder', path: root }];
  },
};

async function fetchArtifacts(
  step: FixedMavenStep,
  context: StepContext,
): Promise<readonly FetchedArtifact[]> {
  const project = join(context.work, 'pom.xml');
  const folder = join(context.work, 'fetched');
  await mkdir(folder);
  const artifacts = Object.keys(step.artifacts);
  await writeFile(project, projectOf({ artifacts, transitive: step.locked !== undefined }));
  context.update(`mvn copy-dependencies, ${artifacts.length} artefacts`);
  await runTool({
    tool: recipeTools.maven,
    args: [
      copyDependencies,
      '--batch-mode',
      '--strict-checksums',
      `--file=${project}`,
      '-Dstyle.color=never',
      '-DincludeScope=runtime',
      '-Dmdep.useRepositoryLayout=true',
      `-DoutputDirectory=${folder}`,
    ],
    cwd: context.work,
    environment: context.environment,
    signal: context.signal,
    idleMilliseconds,
    onLine: (line) => {
      const file = /Downloading from \S+ \S*\/(\S+)/.exec(line)?.[1];
      if (file !== undefined) context.update(`mvn: ${file}`);
    },
    tells: saysWhy,
  });
  const files = await readdir(folder, { recursive: true });
  const found: FetchedArtifact[] = [];
  for (const path of files.map((file) => file.replaceAll(sep, '/')).sort()) {
    const coordinates = coordinatesOf(path);
    if (coordinates === undefined) continue;
    const file = join(folder, path);
    found.push({ coordinates, file, sha256: await sha256Of(file) });
  }
  return found;
}

/** The lines of Maven's output that explain a failure; they are coloured even if colour is off. */
export function saysWhy(line: string): boolean {
  const plain = stripVTControlCharacters(line);
  if (!plain.startsWith('[')) return true;
  return /^\[ERROR\] (?!\[Help|To see the full|Re-run Maven|For more information)\S/.test(plain);
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}

/** Under their own names; two of the same name get their group's in front. */
async function copyTo(options: { fetched: readonly FetchedArtifact[]; folder: string }): Promise<void> {
  const { fetched, folder } = options;
  await mkdir(folder, { recursive: true });
  const names = fetched.map(({ coordinates }) => fileNameOf(coordinates));
  for (const [index, { coordinates, file }] of fetched.entries()) {
    const own = names[index] ?? '';
    const isShared = names.filter((name) => name === own).length > 1;
    const name = isShared ? `${coordinates.group}.${own}` : own;
    await copyFile(file, join(folder, name), constants.COPYFILE_FICLONE);
  }
}

async function unpackTo(options: {
  step: FixedMavenStep;
  take: Readonly<Record<string, string>>;
  fetched: readonly FetchedArtifact[];
  root: string;
  context: StepContext;
}): Promise<void> {
  const { step, take, fetched, root, context } = options;
  const unpacked = join(context.work, 'unpacked');
  const names = fetched.map(({ coordinates }) => formatCoordinates(coordinates));
  for (const { coordinates, file } of fetched) {
    const name = fileNameOf(coordinates);
    context.update(`unpacking ${name}`);
    await unpack({ file, name, to: unpacked, signal: context.signal });
  }
  await leaveOut({ patterns: step.leave_out ?? [], folder: unpacked });
  await takeFiles({ unpacked, root, take, as: 'files', archive: `archive ${names.join(', ')}` });
}
