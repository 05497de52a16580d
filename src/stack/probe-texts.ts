import type { SourceLocation } from '../core/errors.ts';
import type { ContainerManifest } from '../manifest/model.ts';
import { activePorts } from './active-ports.ts';
import type { Making } from './containers.ts';
import type { ProbedContainer } from './probes.ts';
import type { Scope } from './scope.ts';
import { scopeOf } from './values.ts';
import type { Entry } from './workspace-index.ts';

/** A container as the flavour makes it that was decided for it. */
export function inItsForm(options: { manifest: ContainerManifest; making: Making }): ContainerManifest {
  const { manifest, making } = options;
  const entry = making.values.index.entries.get(manifest.role);
  return entry?.kind === 'service' ? entry.manifest : manifest;
}

/** A container as its probes see it, with the ports that this stack has. */
export function probed(options: { manifest: ContainerManifest; making: Making }): ProbedContainer {
  const { role, ports, location } = options.manifest;
  const { settings, index } = options.making.values;
  const name = index.entries.get(role)?.name ?? options.manifest.name;
  return { role, name, location, ports: activePorts({ ports, settings }) };
}

/** Renders the texts of a probe. */
export function probeTexts(options: { field: string; entry: Entry; making: Making }) {
  return fieldTexts({ ...options, location: options.entry.manifest.location });
}

/** Renders texts of the manifest: shown to people (`open`), or such that may hold secrets (`closed`). */
export function fieldTexts(options: {
  field: string;
  location: SourceLocation;
  entry: Entry;
  making: Making;
}) {
  const { entry, making, location } = options;
  const render = (scope: Scope) => (field: string, text: string) =>
    making.renderer.render({
      text,
      origin: { kind: 'field', field: `${options.field}.${field} of ${entry.manifest.name}`, location },
      scope,
    });
  return {
    closed: render(scopeOf({ values: making.values, entry, use: 'asked' })),
    open: render(scopeOf({ values: making.values, entry, use: 'open' })),
  };
}
