import schema from '../../../schemas/workspace.schema.json' with { type: 'json' };
import { defined } from '../../core/defined.ts';
import type { BasePolicy, NamePolicy, PortsManifest, WorkspaceManifest } from '../model.ts';
import type { Platform, ReleaseManifest } from '../model-release.ts';
import { entries, member, type YamlNode } from '../yaml/tree.ts';
import {
  choice,
  define,
  flag,
  optionalNumber,
  optionalText,
  optionalTexts,
  text,
  textRecord,
} from './read.ts';

const defaults = schema.properties;
const policies: readonly [BasePolicy, ...BasePolicy[]] = ['auto', 'registry', 'local'];
const namePolicies: readonly [NamePolicy, ...NamePolicy[]] = ['manifest', 'project'];

/** `arc.yaml`; all defaults where there is no such file. */
export function buildWorkspace(node: YamlNode | undefined): WorkspaceManifest {
  const project = text(node, 'project', defaults.project.default);
  const names = choice({ node, key: 'names', choices: namePolicies, fallback: defaults.names.default });
  return {
    project,
    names,
    ports: buildPorts(member(node, 'ports')),
    network: text(
      node,
      'network',
      names === 'project' ? `${project}_platform_net` : defaults.network.default,
    ),
    bases: choice({ node, key: 'bases', choices: policies, fallback: defaults.bases.default }),
    base_overrides: choices({ node: member(node, 'base_overrides'), choices: policies }),
    flavours: text(node, 'flavours', defaults.flavours.default),
    flavour_overrides: textRecord(node, 'flavour_overrides'),
    mirrors: textRecord(node, 'mirrors'),
    settings: textRecord(node, 'settings'),
    default_profile: text(node, 'default_profile', defaults.default_profile.default),
    ...defined({ images: optionalText(node, 'images'), release: buildRelease(member(node, 'release')) }),
  };
}

function buildPorts(node: YamlNode | undefined): PortsManifest {
  const { offset } = defaults.ports.properties;
  const wanted = member(node, 'offset');
  return {
    // Text that is not `auto` breaks the schema, and nothing comes of it.
    offset:
      wanted?.kind === 'scalar' && typeof wanted.value === 'string'
        ? 'auto'
        : (optionalNumber(node, 'offset') ?? offset.default),
    ...defined({
      front_door: member(node, 'front_door') === undefined ? undefined : flag(node, 'front_door', true),
    }),
  };
}

/** A word for each role that is named. */
function choices<T extends string>(options: {
  node: YamlNode | undefined;
  choices: readonly [T, ...T[]];
}): Readonly<Record<string, T>> {
  const record: Record<string, T> = {};
  for (const { key } of entries(options.node)) define(record, key, choice({ ...options, key }));
  return record;
}

const platforms: readonly Platform[] = ['linux/amd64', 'linux/arm64'];

function buildRelease(node: YamlNode | undefined): ReleaseManifest | undefined {
  if (node === undefined) return undefined;
  const { properties } = schema.$defs.release;
  const wanted = optionalTexts(node, 'platforms') ?? properties.platforms.default;
  return {
    repository: text(node, 'repository'),
    branch: text(node, 'branch', properties.branch.default),
    platforms: platforms.filter((platform) => wanted.includes(platform)),
    sign: choice({
      node,
      key: 'sign',
      choices: ['none', 'keyless', 'key'],
      fallback: properties.sign.default,
    }),
  };
}
