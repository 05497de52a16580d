import schema from '../../../schemas/service.schema.json' with { type: 'json' };
import { defined } from '../../core/defined.ts';
import type {
  ContainerManifest,
  JobManifest,
  SecretManifest,
  ServiceManifest,
  SettingManifest,
} from '../model.ts';
import type { CheckManifest } from '../model-checks.ts';
import { isSecretCharacters } from '../secret-rules.ts';
import { entries, member, type YamlNode } from '../yaml/tree.ts';
import { buildContainer, buildJob, flavourPart } from './container.ts';
import { buildAlert, buildPanel } from './metrics.ts';
import { buildProbe } from './probe.ts';
import { buildProvision, type Provision } from './provision.ts';
import {
  choice,
  define,
  flag,
  optionalNumber,
  optionalText,
  optionalTexts,
  type Part,
  partsOf,
  text,
  textRecord,
  texts,
} from './read.ts';
import { buildCertificates } from './route.ts';

const defaults = { setting: schema.$defs.setting.properties, secret: schema.$defs.secret.properties };

/** A container or job with the part of the file that it is from, so that a rule can name the very place. */
export type ContainerPart = Part & {
  kind: 'container';
  manifest: ContainerManifest;
  service: ServiceManifest;
  /** Name of the flavour that makes it so; absent as it is written. */
  flavour?: string;
};
export type JobPart = Part & { kind: 'job'; manifest: JobManifest; service: ServiceManifest };

/** A service with its main container, sidecars and jobs, in this order. */
export type ServicePart = Part & {
  manifest: ServiceManifest;
  containers: readonly ContainerPart[];
  /** Containers once more for each further flavour that they have, as it makes them. */
  flavours: readonly ContainerPart[];
  jobs: readonly JobPart[];
  provision: Provision;
};

/** Builds a service from its file, even from an invalid one: invalid fields get their fallback. */
export function buildService(options: {
  part: Part;
  file: string;
  folder: string;
  /** The workspace's files, for those that the manifest names. */
  files: ReadonlyMap<string, string | Uint8Array>;
}): ServicePart {
  const { part, file, folder } = options;
  const main = buildContainer(part);
  const sidecars = partsOf(part, 'sidecars').map((own) => ({ ...own, manifest: buildContainer(own) }));
  const jobs = partsOf(part, 'jobs').map((own) => ({ ...own, manifest: buildJob(own) }));
  const provision = buildProvision(options);
  const manifest: ServiceManifest = {
    ...main,
    file,
    folder,
    sidecars: sidecars.map((sidecar) => sidecar.manifest),
    jobs: jobs.map((job) => job.manifest),
    settings: buildSettings(part),
    secrets: buildSecrets(part),
    certificates: buildCertificates(part),
    provision: provision.parts.map((own) => own.manifest),
    checks: partsOf(part, 'checks').map((check) => buildCheck(check, main.role)),
    alerts: partsOf(part, 'alerts').map(buildAlert),
    panels: partsOf(part, 'panels').map(buildPanel),
  };
  const containers = [{ ...part, manifest: main }, ...sidecars].map((own) => ({
    ...own,
    kind: 'container' as const,
    service: manifest,
  }));
  return {
    ...part,
    manifest,
    containers,
    flavours: containers.flatMap((own) =>
      (own.manifest.flavours ?? []).flatMap(({ name, form }) => {
        const flavour = member(member(own.node, 'flavours'), name);
        return form === undefined || flavour === undefined
          ? []
          : [{ ...own, ...flavourPart({ part: own, flavour }), manifest: form, flavour: name }];
      }),
    ),
    jobs: jobs.map((own) => ({ ...own, kind: 'job', service: manifest })),
    provision,
  };
}

function buildCheck({ node }: Part, mainRole: string): CheckManifest {
  return {
    name: text(node, 'name'),
    description: text(node, 'description'),
    probe: buildProbe(member(node, 'probe')),
    container: text(node, 'container', mainRole),
    needs: texts(node, 'needs'),
    when_present: flag(node, 'when_present', schema.$defs.check.properties.when_present.default),
    when: textRecord(node, 'when'),
  };
}

function buildSettings(part: Part): Readonly<Record<string, SettingManifest>> {
  const settings: Record<string, SettingManifest> = {};
  for (const { key, value: node, offset } of entries(member(part.node, 'settings'))) {
    define(settings, key, {
      description: text(node, 'description'),
      default: text(node, 'default'),
      ...defined({ values: optionalTexts(node, 'values'), range: buildRange(node) }),
      kind: choice({
        node,
        key: 'kind',
        choices: ['text', 'address', 'domain'],
        fallback: defaults.setting.kind.default,
      }),
      ...defined({ env: optionalText(node, 'env') }),
      location: part.source.locate(offset),
    });
  }
  return settings;
}

function buildRange(setting: YamlNode | undefined): SettingManifest['range'] {
  const node = member(setting, 'range');
  const [min, max] = [optionalNumber(node, 'min'), optionalNumber(node, 'max')];
  return min === undefined || max === undefined ? undefined : { min, max };
}

function buildSecrets(part: Part): Readonly<Record<string, SecretManifest>> {
  const secrets: Record<string, SecretManifest> = {};
  for (const { key, value: node, offset } of entries(member(part.node, 'secrets'))) {
    const generate = member(node, 'generate');
    const length = member(node, 'length');
    const characters = text(node, 'characters', defaults.secret.characters.default);
    define(secrets, key, {
      description: text(node, 'description'),
      dev: text(node, 'dev'),
      generate: flag(generate, 'nkey', false)
        ? { kind: 'nkey' }
        : {
            kind: 'text',
            length: optionalNumber(generate, 'length') ?? 0,
            prefix: text(generate, 'prefix', defaults.secret.generate.properties.prefix.default),
          },
      length: {
        min: optionalNumber(length, 'min') ?? defaults.secret.length.properties.min.default,
        max: optionalNumber(length, 'max') ?? defaults.secret.length.properties.max.default,
      },
      characters: isSecretCharacters(characters) ? characters : 'text',
      env: text(node, 'env'),
      sensitive: flag(node, 'sensitive', defaults.secret.sensitive.default),
      location: part.source.locate(offset),
    });
  }
  return secrets;
}
