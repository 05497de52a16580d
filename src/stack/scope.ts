/** The names that a template may use. They are checked before rendering, even in branches that are not taken. */
export type Names = {
  ports: ReadonlySet<string>;
  /** Names of ports by role. */
  containers: ReadonlyMap<string, ReadonlySet<string>>;
  settings: ReadonlySet<string>;
  certificates: ReadonlySet<string> | 'none';
  secrets: ReadonlySet<string> | 'none';
};

/** Values for a template. */
export type Scope = {
  values: Readonly<Record<string, unknown>>;
  names: Names;
  /** Says why a name that may be used has no value. */
  explain: (path: readonly string[]) => string | undefined;
};
