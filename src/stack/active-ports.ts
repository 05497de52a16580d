import type { PortManifest } from '../manifest/model.ts';
import { holds } from './condition.ts';
import type { ResolvedSetting } from './model.ts';

/** The ports that there are under the chosen settings, where this workspace has their front door. */
export function activePorts(options: {
  ports: readonly PortManifest[];
  settings: Readonly<Record<string, ResolvedSetting>>;
}): readonly PortManifest[] {
  const { ports, settings } = options;
  return ports.filter(({ closed, when }) => closed === undefined && holds({ when, settings }));
}
