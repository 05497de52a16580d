import type { Problem } from '../core/errors.ts';
import { checkAgreement } from './config/agreement.ts';
import type { CheckedConfig, ConfigContext } from './config/context.ts';
import { checkHosts } from './config/hosts.ts';
import { checkGaps, checkLinks } from './config/links.ts';
import { checkListeners } from './config/listeners.ts';
import { readConfig } from './config/read.ts';
import { eachOnce } from './each-once.ts';
import type { Manifests } from './model.ts';
import type { ContainerForm } from './model-flavours.ts';
import { createDidYouMean } from './rules/advice.ts';
import { upstreamSchema } from './schema/load.ts';

/** A config file of an upstream whose fields arc knows. */
export type ConfigFile = {
  /** Relative to the workspace. */
  file: string;
  /** Role of the container or job that it is mounted into. */
  role: string;
  /** The container, in another flavour than as it is written. */
  form?: ContainerForm;
  /** Name of a schema in schemas/upstream/. */
  schema: string;
  /** The text on disk, or as arc would render it. */
  content: string | Uint8Array;
  /** The text as arc would render it: a file that differs was edited by a person. */
  expected?: string;
};

/**
 * Checks upstream config files: each against the fields that its upstream really has, and all of them against each
 * other and the manifests: API keys and secrets, addresses, and the ports that programs listen on. A disagreement
 * names both places. Values that are secret are in no message and no excerpt.
 */
export function checkConfigFiles(options: { manifests: Manifests; files: readonly ConfigFile[] }): {
  problems: readonly Problem[];
} {
  const everyone = options.manifests.services.flatMap((service) => [
    service,
    ...service.sidecars,
    ...service.jobs,
  ]);
  const byRole = new Map(everyone.map((container) => [container.role, container]));
  const configs = options.files.flatMap(
    ({ file, role, form, schema, content, expected }): CheckedConfig[] => {
      const document = upstreamSchema(schema);
      if (document === undefined) return [];
      const edited = expected !== undefined && expected !== content;
      return [
        { file, container: form ?? byRole.get(role), edited, ...readConfig({ file, content, document }) },
      ];
    },
  );
  const context: ConfigContext = {
    configs,
    containers: new Map(
      options.manifests.services
        .flatMap((service) => [service, ...service.sidecars])
        .flatMap((container) =>
          [container.name, ...container.aliases].map((host) => [host, container] as const),
        ),
    ),
    didYouMean: createDidYouMean(),
  };
  const hosts = checkHosts(context);
  // A file that two flavours of a container read is checked for each, and an address may be looked at for two reasons.
  return {
    problems: eachOnce([
      ...configs.flatMap((config) => config.problems),
      ...hosts.problems,
      ...checkLinks(context),
      ...checkGaps(context),
      ...checkAgreement(context, hosts.mentions),
      ...checkListeners(context),
    ]),
  };
}
