/** The workspace that something on an Engine was made from, as far as its labels say. */
export type Owner = {
  /** Absent on what an older arc, Docker Compose or a workspace that cannot be written to made. */
  id?: string;
  /** Absolute path on `host`. */
  folder: string;
  /** Host name; absent on what an older arc or Docker Compose made. */
  host?: string;
};

/** The workspace that arc was called in. */
export type Home = Owner & {
  host: string;
  /** Workspaces whose data this one uses with consent, by {@link ownerKey}. */
  takenOver: readonly string[];
};

/** Identifies an owner in a list. */
export function ownerKey({ id, host, folder }: Owner): string {
  return id ?? `${host ?? ''}:${folder}`;
}

/**
 * Whether an object was created from this workspace. The id tells, wherever the folder has moved. So does the folder:
 * to a person, a fresh clone in the same folder is the same workspace.
 *
 * @param options.resolve the real path of a folder on this host; undefined if there is no such folder
 */
export function isFromHere(options: {
  owner: Owner;
  home: Home;
  resolve: (folder: string) => string | undefined;
}): boolean {
  const { owner, home, resolve } = options;
  if (owner.id !== undefined && owner.id === home.id) return true;
  if (owner.host !== undefined && owner.host !== home.host) return false;
  const folder = resolve(owner.folder);
  if (folder === home.folder) return true;
  // Without an id, a folder that has gone is most likely the old place of this one.
  return owner.id === undefined && folder === undefined;
}

/** `/home/a/arc on laptop1` */
export function describeOwner({ folder, host }: Owner): string {
  return host === undefined ? folder : `${folder} on ${host}`;
}
