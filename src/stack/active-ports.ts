import type { PortManifest } from '../manifest/model.ts';
import type { ResolvedSetting } from './model.ts';

/** The ports that there are under the chosen settings, where this workspace has their front door. */
export function activePorts(options: {
  ports: readonly PortManifest[];
  settings: Readonly<Record<string, ResolvedSetting>>;
}): readonly PortManifest[] {
  return options.ports.filter(
    (port) =>
      port.closed === undefined &&
      Object.entries(port.when).every(([name, value]) => options.settings[name]?.value === value),
  );
}
