import schema from '../../../schemas/service.schema.json' with { type: 'json' };
import { defined } from '../../core/defined.ts';
import type {
  ContainerManifest,
  DependencyManifest,
  FrontDoor,
  HealthManifest,
  JobManifest,
  PortManifest,
} from '../model.ts';
import type { ContainerForm, FlavourManifest } from '../model-flavours.ts';
import type { ConfigManifest, VolumeFormat } from '../model-needs.ts';
import type { ImageContent } from '../model-recipe.ts';
import { entries, member, type YamlNode } from '../yaml/tree.ts';
import { buildFolder } from './folder.ts';
import { buildLogging, buildResources } from './limits.ts';
import { buildMetrics } from './metrics.ts';
import { buildProbe } from './probe.ts';
import {
  choice,
  duration,
  flag,
  optionalNumber,
  optionalText,
  optionalTexts,
  type Part,
  partsOf,
  placeOf,
  text,
  textRecord,
  texts,
} from './read.ts';
import { buildRecipe } from './recipe.ts';
import { buildRoute } from './route.ts';
import { parsePortRange } from './units.ts';

const defaults = {
  container: schema.$defs.container.properties,
  runnable: schema.$defs.runnable.properties,
  dependency: schema.$defs.long_dependency.properties,
  port: schema.$defs.port.properties,
  health: schema.$defs.health.properties,
  stop: schema.$defs.stop.properties,
  job: schema.$defs.job.properties,
  format: schema.$defs.volume_format.properties,
};

/** The main container of a service, or a sidecar. */
export function buildContainer(part: Part): ContainerManifest {
  const written = member(part.node, 'flavours');
  return { ...buildForm(part), ...(written === undefined ? {} : { flavours: buildFlavours(part) }) };
}

function buildFlavours(part: Part): readonly FlavourManifest[] {
  return Array.from(entries(member(part.node, 'flavours')), ({ key: name, value }): FlavourManifest => {
    const absent = optionalText(value, 'absent');
    if (absent !== undefined) return { name, absent };
    const form = buildForm(flavourPart({ part, flavour: value }));
    return { name, form, ...defined({ without: optionalText(value, 'without') }) };
  });
}

/** The container with the fields of one of its flavours in place of its own. */
export function flavourPart(options: { part: Part; flavour: YamlNode }): Part {
  const { part, flavour } = options;
  const { source, node } = part;
  if (node?.kind !== 'mapping' || flavour.kind !== 'mapping') return part;
  const merged = new Map([...node.entries, ...flavour.entries]);
  return { source, node: { kind: 'mapping', entries: merged, offset: flavour.offset } };
}

function buildForm(part: Part): ContainerForm {
  const { node } = part;
  const stop = member(node, 'stop');
  return {
    ...buildRunnable(part),
    codename: text(node, 'codename'),
    tech: text(node, 'tech'),
    image: text(node, 'image'),
    upstream: text(node, 'upstream'),
    ...defined({
      release_base: optionalText(node, 'release_base'),
      licenses: optionalText(node, 'licenses'),
      recipe: buildRecipe(part),
      contains:
        member(node, 'contains') === undefined ? undefined : partsOf(part, 'contains').map(buildContent),
    }),
    ports: partsOf(part, 'ports').map(buildPort),
    health: buildHealth(member(node, 'health')),
    volumes: partsOf(part, 'volumes').map(({ node: volume }) => ({
      name: text(volume, 'name'),
      target: text(volume, 'target'),
      ...defined({ format: buildFormat(member(volume, 'format')) }),
    })),
    cap_add: texts(node, 'cap_add'),
    aliases: texts(node, 'aliases'),
    routes: partsOf(part, 'routes').map(buildRoute),
    ...defined({ metrics: buildMetrics(part) }),
    scrapes: flag(node, 'scrapes', defaults.container.scrapes.default),
    only_with: texts(node, 'only_with'),
    ...defined({ collects_logs: buildLogging(member(node, 'collects_logs')) }),
    restart: choice({
      node,
      key: 'restart',
      choices: ['unless-stopped', 'no', 'on-failure', 'always'],
      fallback: defaults.container.restart.default,
    }),
    stop: {
      signal: text(stop, 'signal', defaults.stop.signal.default),
      grace_seconds: duration(stop, 'grace', defaults.stop.grace.default),
    },
  };
}

function buildContent({ node }: Part): ImageContent {
  return {
    what: text(node, 'what'),
    from: text(node, 'from'),
    licenses: text(node, 'licenses'),
    ...defined({ means: optionalText(node, 'means') }),
  };
}

export function buildJob(part: Part): JobManifest {
  return {
    ...buildRunnable(part),
    timeout_seconds: duration(part.node, 'timeout', defaults.job.timeout.default),
  };
}

function buildRunnable(part: Part): Omit<JobManifest, 'timeout_seconds'> {
  const { node } = part;
  return {
    name: text(node, 'name'),
    role: text(node, 'role'),
    description: text(node, 'description'),
    depends_on: partsOf(part, 'depends_on').map(buildDependency),
    ...defined({ entrypoint: optionalTexts(node, 'entrypoint'), command: optionalTexts(node, 'command') }),
    environment: textRecord(node, 'environment'),
    env_from: textRecord(node, 'env_from'),
    secret_files: partsOf(part, 'secret_files').map(({ node: file }) => ({
      secret: text(file, 'secret'),
      file: text(file, 'file'),
      target: text(file, 'target'),
    })),
    config: partsOf(part, 'config').map(buildConfig),
    folders: partsOf(part, 'folders').map(buildFolder),
    tmpfs: texts(node, 'tmpfs'),
    user: text(node, 'user'),
    read_only: flag(node, 'read_only', defaults.runnable.read_only.default),
    ...defined({ root_group: optionalText(node, 'root_group') }),
    resources: buildResources(member(node, 'resources')),
    ...defined({ logging: buildLogging(member(node, 'logging')) }),
    location: placeOf(part),
  };
}

/** `cache`, or `{ service: cache, optional: true }`. */
function buildDependency(part: Part): DependencyManifest {
  const { node } = part;
  if (node?.kind === 'scalar')
    return {
      role: node.text,
      optional: false,
      when_present: false,
      to: 'start',
      restart: false,
      location: placeOf(part),
    };
  return {
    role: text(node, 'service'),
    optional: flag(node, 'optional', defaults.dependency.optional.default),
    when_present: flag(node, 'when_present', defaults.dependency.when_present.default),
    to: choice({
      node,
      key: 'to',
      choices: ['start', 'ready', 'use'],
      fallback: defaults.dependency.to.default,
    }),
    ...defined({ without: optionalText(node, 'without') }),
    ...(member(node, 'hold') === undefined ? {} : { hold_seconds: duration(node, 'hold', '0s') }),
    restart: flag(node, 'restart', defaults.dependency.restart.default),
    location: placeOf(part, 'service'),
  };
}

/** Port 0 stands for one that is not a port; its schema or the rule on ports says so. */
const noPort = { first: 0, last: 0 };

function buildPort(part: Part): PortManifest {
  const { node } = part;
  const container = portRange(node, 'container') ?? noPort;
  return {
    name: text(node, 'name'),
    container,
    host: portRange(node, 'host') ?? (member(node, 'host') === undefined ? container : noPort),
    protocol: choice({
      node,
      key: 'protocol',
      choices: ['tcp', 'udp'],
      fallback: defaults.port.protocol.default,
    }),
    bind: text(node, 'bind', defaults.port.bind.default),
    publish: flag(node, 'publish', defaults.port.publish.default),
    public: flag(node, 'public', defaults.port.public.default),
    tls: flag(node, 'tls', defaults.port.tls.default),
    advertised: flag(node, 'advertised', defaults.port.advertised.default),
    ...defined({ front_door: buildFrontDoor(member(node, 'front_door')) }),
    purpose: text(node, 'purpose'),
    when: textRecord(node, 'when'),
    location: placeOf(part),
  };
}

function buildFrontDoor(node: YamlNode | undefined): FrontDoor | undefined {
  if (node === undefined) return undefined;
  return { port: optionalNumber(node, 'port') ?? 0, without: text(node, 'without') };
}

function portRange(node: YamlNode | undefined, key: string): PortManifest['host'] | undefined {
  const value = member(node, key);
  return value?.kind === 'scalar' ? parsePortRange(value.value) : undefined;
}

function buildHealth(node: YamlNode | undefined): HealthManifest {
  return {
    probe: buildProbe(member(node, 'probe')),
    ...defined({ command: optionalTexts(node, 'command') }),
    interval_seconds: duration(node, 'interval', defaults.health.interval.default),
    timeout_seconds: duration(node, 'timeout', defaults.health.timeout.default),
    retries: optionalNumber(node, 'retries') ?? defaults.health.retries.default,
    start_period_seconds: duration(node, 'start_period', defaults.health.start_period.default),
  };
}

function buildConfig({ node }: Part): ConfigManifest {
  return {
    template: text(node, 'template'),
    file: text(node, 'file'),
    target: text(node, 'target'),
    ...defined({ schema: optionalText(node, 'schema') }),
  };
}

function buildFormat(node: YamlNode | undefined): VolumeFormat | undefined {
  if (node === undefined) return undefined;
  const reads = member(node, 'reads');
  return {
    files: texts(node, 'files'),
    pattern: text(node, 'pattern'),
    reads: {
      upstream: optionalNumber(reads, 'upstream') ?? 0,
      ...defined({ recipe: optionalNumber(reads, 'recipe') }),
    },
    exact: flag(node, 'exact', defaults.format.exact.default),
  };
}
