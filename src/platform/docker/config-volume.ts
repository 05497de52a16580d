import type Docker from 'dockerode';
import type { MountSettings } from 'dockerode';
import { call } from './call.ts';
import { type ConfigFile, configArchive, pathInVolume } from './config-archive.ts';
import type { Labels } from './engine.ts';
import { statusOf } from './engine-error.ts';
import { arcLabels } from './labels.ts';

/** Where the volume is in the container that it is filled through. */
const inside = '/arc-config';

/** From this API version on (Engine 26) a file of a volume can be mounted by its path in it. */
const subpathApi = '1.45';

/** Name of the volume with a container's config files. */
export function configVolumeName(container: string): string {
  return `${container}-config`;
}

/**
 * Brings a container's config files to an Engine that cannot mount files of this machine. An Engine writes into a
 * volume only through a container, so arc creates one from the same image, never starts it, and copies the files
 * through it. They travel over the Engine's API only, and appear in no label, image or command line.
 *
 * @param options.name of the container that they are for; its volume of before is replaced
 * @returns how that container mounts them, read-only
 * @throws ArcError
 */
export async function bringConfig(options: {
  docker: Docker;
  apiVersion: string;
  name: string;
  image: string;
  labels: Labels;
  files: readonly ConfigFile[];
}): Promise<readonly MountSettings[]> {
  const { docker, name, image, files } = options;
  const volume = configVolumeName(name);
  const labels = volumeLabels({ name, labels: options.labels });
  return call({
    request: { verb: 'write', object: `the config files of ${name}` },
    run: async (abortSignal) => {
      const archive = await configArchive(files);
      await removeBoth({ docker, volume, abortSignal });
      await docker.createVolume({ Name: volume, Labels: labels, abortSignal });
      try {
        const carrier = await docker.createContainer({
          name: volume,
          Image: image,
          Cmd: ['-'],
          Labels: labels,
          HostConfig: {
            NetworkMode: 'none',
            Mounts: [{ Type: 'volume', Source: volume, Target: inside, VolumeOptions: noCopy }],
          },
          abortSignal,
        });
        await carrier.putArchive(archive, { path: inside, abortSignal });
        await carrier.remove({ v: true, abortSignal });
        return await mounts({ ...options, volume, abortSignal });
      } catch (cause) {
        // Secrets may be in it.
        await removeBoth({ docker, volume, abortSignal: AbortSignal.timeout(5_000) });
        throw cause;
      }
    },
  });
}

/** Removes the config files of a container that is gone. No error if there are none. */
export async function removeConfig(options: { docker: Docker; name: string }): Promise<void> {
  const volume = configVolumeName(options.name);
  await call({
    request: { verb: 'remove', object: `the config files of ${options.name}` },
    run: (abortSignal) => removeBoth({ docker: options.docker, volume, abortSignal }),
  });
}

/** Keeps the Engine from copying files of the image into the new volume. */
const noCopy = { NoCopy: true, Labels: {}, DriverConfig: { Name: 'local', Options: {} } };

/** By the path in the volume; an older Engine by the path on its machine, which it tells. */
async function mounts(options: {
  docker: Docker;
  apiVersion: string;
  volume: string;
  files: readonly ConfigFile[];
  abortSignal: AbortSignal;
}): Promise<readonly MountSettings[]> {
  const { docker, apiVersion, volume, files, abortSignal } = options;
  if (knowsSubpaths(apiVersion)) {
    return files.map(({ target }) => ({
      Type: 'volume',
      Source: volume,
      Target: target,
      ReadOnly: true,
      VolumeOptions: { ...noCopy, Subpath: pathInVolume(target) },
    }));
  }
  const found = docker.getVolume(volume);
  // The library takes options here as everywhere; its types do not know.
  const inspect = found.inspect as (options: object) => Promise<Docker.VolumeInspectInfo>;
  const { Mountpoint: place } = await inspect.call(found, { abortSignal });
  return files.map(({ target }) => ({
    Type: 'bind',
    Source: `${place}/${pathInVolume(target)}`,
    Target: target,
    ReadOnly: true,
  }));
}

function knowsSubpaths(apiVersion: string): boolean {
  const [version, least] = [apiVersion, subpathApi].map((text) => Number(text.split('.')[1]));
  return (version ?? 0) >= (least ?? 0);
}

/** The project's, and whose they are; the container's other labels say what its hash and its role are. */
function volumeLabels(options: { name: string; labels: Labels }): Record<string, string> {
  const kept = [
    arcLabels.role,
    arcLabels.workspace,
    arcLabels.workspaceFolder,
    arcLabels.workspaceHost,
    arcLabels.project,
  ];
  return {
    ...Object.fromEntries(
      kept.flatMap((label) => (options.labels[label] ? [[label, options.labels[label]]] : [])),
    ),
    [arcLabels.configOf]: options.name,
  };
}

async function removeBoth(options: {
  docker: Docker;
  volume: string;
  abortSignal: AbortSignal;
}): Promise<void> {
  const { docker, volume, abortSignal } = options;
  await unlessAbsent(docker.getContainer(volume).remove({ force: true, v: true, abortSignal }));
  await unlessAbsent(docker.getVolume(volume).remove({ abortSignal }));
}

async function unlessAbsent(answer: Promise<unknown>): Promise<void> {
  await answer.catch((cause: unknown) => {
    if (statusOf(cause) !== 404) throw cause;
  });
}
