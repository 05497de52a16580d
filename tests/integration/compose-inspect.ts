import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';

/** What makes a container what it is, by the path of the field; what is empty, whether null, [] or {}, is left out. */
export type Fields = Readonly<Record<string, string>>;

/** Fields that differ between any two containers, even of the same making. */
const individual = [
  /^Id$/,
  /^Created$/,
  /^(State|GraphDriver)\b/,
  // What is being run in it at this moment: its health check, for one.
  /^ExecIDs\b/,
  /^(LogPath|ResolvConfPath|HostnamePath|HostsPath)$/,
  /^NetworkSettings\.(SandboxID|SandboxKey|HairpinMode)$/,
  /^NetworkSettings\.Networks\.[^.]+\.(NetworkID|EndpointID|IPAddress|MacAddress|Gateway)$/,
  // The Engine adds the short form of the id; see `aliases`.
  /^NetworkSettings\.Networks\.[^.]+\.(Aliases|DNSNames)\.\d+$/,
];

/** Labels are compared by themselves: each of the two makers has some of its own. */
const labels = /^Config\.Labels\b/;

/** A container as the Engine sees it, as fields to be compared one by one. */
export async function inspectFields(options: { docker: Docker; name: string }): Promise<Fields> {
  const container = await options.docker.getContainer(options.name).inspect();
  const sorted = {
    ...container,
    Mounts: container.Mounts.toSorted((a, b) => (a.Destination < b.Destination ? -1 : 1)),
    Config: { ...container.Config, Env: container.Config.Env.toSorted() },
    HostConfig: {
      ...container.HostConfig,
      // Compose writes them in a different order every time.
      Ulimits: container.HostConfig.Ulimits?.toSorted((a, b) => ((a.Name ?? '') < (b.Name ?? '') ? -1 : 1)),
      // Likewise; the Engine mounts them in the order of their depth, whatever their order here.
      Mounts: container.HostConfig.Mounts?.toSorted((a, b) => (a.Target < b.Target ? -1 : 1)),
    },
  };
  return {
    ...Object.fromEntries(
      flatten(sorted, '').filter(
        ([path]) => !labels.test(path) && !individual.some((pattern) => pattern.test(path)),
      ),
    ),
    ...aliases(container),
  };
}

/** Versions, hashes and reasons of one maker or the other, and labels that say which file Compose was called with. */
const labelsOfOneMaker =
  /^(com\.docker\.compose\.(config-hash|version|image|replace|project\.config_files|project\.working_dir)|arc\.hash.*|arc\.boot|arc\.workspace.*|arc\.flavour\.because)$/;

/** The labels that Compose and arc find a container by. */
export async function inspectLabels(options: { docker: Docker; name: string }): Promise<Fields> {
  const container = await options.docker.getContainer(options.name).inspect();
  return Object.fromEntries(
    Object.entries(container.Config.Labels)
      .filter(([name]) => !labelsOfOneMaker.test(name))
      // Lists, of which Compose writes some in a different order every time.
      .map(([name, value]) => [name, value.split(',').toSorted().join(',')]),
  );
}

/** The names that a container has on its networks. From API 1.44 those with the short id are in a list of their own. */
function aliases(container: ContainerInspectInfo): Record<string, string> {
  const short = container.Id.slice(0, 12);
  const withoutId = (names: readonly string[] | null | undefined) =>
    [...new Set(names ?? [])]
      .filter((name) => name !== short)
      .toSorted()
      .join(' ');
  return Object.fromEntries(
    Object.entries(container.NetworkSettings.Networks).flatMap(([name, network]) => [
      [`aliases on ${name}`, withoutId(network.Aliases)],
      [`DNS names on ${name}`, withoutId((network as { DNSNames?: string[] | null }).DNSNames)],
    ]),
  );
}

function flatten(value: unknown, path: string): [string, string][] {
  if (value === null || value === undefined || value === '') return [];
  if (typeof value !== 'object') return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, inner]) =>
    flatten(inner, path === '' ? name : `${path}.${name}`),
  );
}
