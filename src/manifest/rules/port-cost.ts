import type { Problem } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import type { ContainerPart } from '../build/service.ts';
import type { Draft } from '../draft.ts';
import type { PortManifest, SettingManifest } from '../model.ts';
import { formsOf, length } from './ports.ts';

// Measured on Docker Engine 20.10 with 101 published UDP ports against one: the Engine starts two proxy processes
// a port, one for IPv4 and one for IPv6, one after the other, and ends them one after the other.
const startSeconds = 0.02;
const stopSeconds = 0.055;
const processes = 2;

/** Ports of a range from which on its cost can be felt. */
const noticeable = 10;

/** Warnings about published UDP ranges, with what they cost at each start and stop. */
export function estimatePortCost(draft: Draft): readonly Problem[] {
  const settings = new Map(draft.services.flatMap(({ manifest }) => Object.entries(manifest.settings)));
  return formsOf(draft).flatMap((part) =>
    part.manifest.ports.flatMap((port, index): Problem[] => {
      const count = length(port.host);
      if (port.protocol !== 'udp' || count < noticeable || !isPublished({ draft, settings, port })) return [];
      return [
        {
          code: 'udp-range-cost',
          message:
            `${part.manifest.name} publishes ${count} UDP ports, which makes each start about ` +
            `${(count * startSeconds).toFixed(1)} s and each stop about ${(count * stopSeconds).toFixed(1)} s longer, ` +
            `and keeps ${count * processes} proxy processes running.`,
          ...cheaper({ part, port, settings }),
          location: placeOf(part, 'ports', index, 'host'),
        },
      ];
    }),
  );
}

/** Whether it is published with the workspace's settings; flags and the environment can still choose otherwise. */
function isPublished(options: {
  draft: Draft;
  settings: ReadonlyMap<string, SettingManifest>;
  port: PortManifest;
}): boolean {
  const { draft, settings, port } = options;
  if (!port.publish) return false;
  return Object.entries(port.when).every(([name, value]) => {
    const chosen = draft.workspace.manifest.settings[name] ?? settings.get(name)?.default;
    return chosen === undefined || chosen === value;
  });
}

/** A setting under which the container publishes a single port in the place of the range. */
function cheaper(options: {
  part: ContainerPart;
  port: PortManifest;
  settings: ReadonlyMap<string, SettingManifest>;
}): { suggestion: string } {
  const { part, port, settings } = options;
  for (const name of Object.keys(port.when)) {
    const single = part.manifest.ports.find(
      (other) =>
        other.protocol === 'udp' &&
        length(other.host) === 1 &&
        other.when[name] !== undefined &&
        other.when[name] !== port.when[name],
    );
    if (single === undefined) continue;
    const env = settings.get(name)?.env;
    const choice = `${name}: ${single.when[name]}`;
    const ways = `under \`settings\` in arc.yaml${env === undefined ? '' : `, or ${env}=${single.when[name]}`}`;
    return { suggestion: `use one port: \`${choice}\` ${ways}` };
  }
  return { suggestion: 'publish fewer ports' };
}
