/** Labels that arc writes on what it makes. With no state file, they are all that arc knows about it later. */
export const arcLabels = {
  project: 'arc.project',
  role: 'arc.role',
  /** Id of the workspace that created it; absent if the id could not be stored. */
  workspace: 'arc.workspace',
  /** Folder of that workspace, for people and for objects without an id. */
  workspaceFolder: 'arc.workspace.folder',
  workspaceHost: 'arc.workspace.host',
  service: 'arc.service',
  codename: 'arc.codename',
  /** `service` or `job`. */
  kind: 'arc.kind',
  /** The versioned hash at creation: `1:3f2a…`. */
  hash: 'arc.hash',
  /** The parts of the hash: `image=9c1f…,command=77ab…`. */
  parts: 'arc.hash.parts',
  /** Roles that must be stopped after this one: `cache,storage-buckets`. */
  dependsOn: 'arc.depends-on',
  /** Roles of its service that were part of the boot that made it: `realtime,realtime-egress`. */
  booted: 'arc.boot',
  /** Name of the flavour, on a container that has several. */
  flavour: 'arc.flavour',
  /** Why it is this one, in words for people. */
  flavourBecause: 'arc.flavour.because',
  /** The container whose config files are in a volume. */
  configOf: 'arc.config-of',
  /** Seconds between the stop signal and the kill. */
  grace: 'arc.stop.grace-seconds',
} as const;

/**
 * On the volumes that stand for a project's lock (lock/claims.ts). None of them is `arc.project`: they are not part of
 * the stack.
 */
export const lockLabels = {
  project: 'arc.lock',
  token: 'arc.lock.token',
  beat: 'arc.lock.beat',
  holder: 'arc.lock.holder',
} as const;

/**
 * Docker Compose's own labels, so that `docker compose ls`, `ps` and `logs` and desktop tools see the stack.
 * Names as in docker/compose `pkg/api/labels.go`.
 */
export const composeLabels = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  /** Compose lists a container only if it has one. */
  configHash: 'com.docker.compose.config-hash',
  number: 'com.docker.compose.container-number',
  oneoff: 'com.docker.compose.oneoff',
  workingFolder: 'com.docker.compose.project.working_dir',
  configFiles: 'com.docker.compose.project.config_files',
  dependsOn: 'com.docker.compose.depends_on',
} as const;

/** `image=9c1f,command=77ab` from its parts, in order of name. */
export function writeParts(parts: Readonly<Record<string, string>>): string {
  return Object.keys(parts)
    .sort()
    .map((name) => `${name}=${parts[name]}`)
    .join(',');
}

/** The inverse of {@link writeParts}; what is not of that form is left out. */
export function readParts(text: string | undefined): Readonly<Record<string, string>> {
  const pairs = (text ?? '').split(',').map((pair) => pair.split('='));
  return Object.fromEntries(pairs.flatMap(([name, value]) => (name && value ? [[name, value]] : [])));
}

/** `a,b` as a list; empty if the label is absent or empty. */
export function readList(text: string | undefined): readonly string[] {
  return text ? text.split(',') : [];
}
