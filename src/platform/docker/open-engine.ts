import { bringConfig, removeConfig } from './config-volume.ts';
import type { DockerConnection } from './connect.ts';
import { dockerEngine } from './docker-engine.ts';
import type { EngineInfo } from './docker-info.ts';
import { isLocal } from './endpoint.ts';
import type { Engine } from './engine.ts';
import { arcLabels } from './labels.ts';

type Connected = Pick<DockerConnection, 'docker' | 'endpoint' | 'apiVersion'> & {
  info: () => Promise<EngineInfo>;
};

/**
 * The Engine of a connection. If it cannot mount files of this machine, a container's config files go to it in a
 * volume, which is created and removed with the container and is not part of the stack's data.
 */
export function openedEngine(connection: Connected): Engine {
  const engine = dockerEngine(connection);
  return isLocal(connection.endpoint) ? engine : withoutThisDisk(engine, connection);
}

function withoutThisDisk(engine: Engine, { docker, apiVersion }: Connected): Engine {
  return {
    ...engine,
    copiesConfig: true,
    // A volume has the labels that its containers need.
    usesSelinux: async () => false,
    listContainers: async () => (await engine.listContainers()).filter(({ labels }) => !isCarrier(labels)),
    createContainer: async (options) => {
      const { name, spec, config = [] } = options;
      if (config.length === 0) return engine.createContainer(options);
      const { Image: image = '', Labels: labels = {} } = spec;
      const mounts = await bringConfig({ docker, apiVersion, name, image, labels, files: config });
      const host = { ...spec.HostConfig, Mounts: [...mounts] };
      try {
        await engine.createContainer({ name, spec: { ...spec, HostConfig: host } });
      } catch (cause) {
        await removeConfig({ docker, name });
        throw cause;
      }
    },
    removeContainer: async (options) => {
      await engine.removeContainer(options);
      await removeConfig({ docker, name: options.name });
    },
  };
}

function isCarrier(labels: Readonly<Record<string, string>>): boolean {
  return labels[arcLabels.configOf] !== undefined;
}
