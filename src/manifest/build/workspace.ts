import schema from '../../../schemas/workspace.schema.json' with { type: 'json' };
import type { BasePolicy, WorkspaceManifest } from '../model.ts';
import { entries, member, type YamlNode } from '../yaml/tree.ts';
import { choice, define, text, textRecord } from './read.ts';

const defaults = schema.properties;
const policies: readonly [BasePolicy, ...BasePolicy[]] = ['auto', 'registry', 'local'];

/** `arc.yaml`; all defaults where there is no such file. */
export function buildWorkspace(node: YamlNode | undefined): WorkspaceManifest {
  const overrides = member(node, 'base_overrides');
  const base_overrides: Record<string, BasePolicy> = {};
  for (const { key } of entries(overrides)) {
    define(base_overrides, key, choice({ node: overrides, key, choices: policies }));
  }
  return {
    project: text(node, 'project', defaults.project.default),
    network: text(node, 'network', defaults.network.default),
    bases: choice({ node, key: 'bases', choices: policies, fallback: defaults.bases.default }),
    base_overrides,
    mirrors: textRecord(node, 'mirrors'),
    settings: textRecord(node, 'settings'),
    default_profile: text(node, 'default_profile', defaults.default_profile.default),
  };
}
