/** A program that is built from its Go module. */
export type GoProgram = {
  module: string;
  package: string;
  version: string;
  ldflags?: string;
  tags?: string;
  /** It is partly C: its build needs a C compiler, pkg-config and the libraries' headers. */
  cgo?: true;
};

const pebble = { module: 'github.com/letsencrypt/pebble/v2', version: 'v2.10.3' };

/** Tools that are one program. */
export const goTools = {
  'docker-compose': {
    module: 'github.com/docker/compose/v5',
    package: 'github.com/docker/compose/v5/cmd',
    version: 'v5.5.0',
    ldflags: '-X github.com/docker/compose/v5/internal.Version=v5.5.0',
  },
  actionlint: {
    module: 'github.com/rhysd/actionlint',
    package: 'github.com/rhysd/actionlint/cmd/actionlint',
    version: 'v1.7.12',
  },
  buildx: {
    module: 'github.com/docker/buildx',
    package: 'github.com/docker/buildx/cmd/buildx',
    version: 'v0.30.1',
    ldflags: '-X github.com/docker/buildx/version.Version=v0.30.1',
  },
  buildkitd: {
    module: 'github.com/moby/buildkit',
    package: 'github.com/moby/buildkit/cmd/buildkitd',
    version: 'v0.30.0',
    ldflags: '-X github.com/moby/buildkit/version.Version=v0.30.0',
  },
  cosign: {
    module: 'github.com/sigstore/cosign/v3',
    package: 'github.com/sigstore/cosign/v3/cmd/cosign',
    version: 'v3.1.3',
    ldflags: '-X sigs.k8s.io/release-utils/version.gitVersion=v3.1.3',
  },
  // A registry that has the referrers API, which distribution has not.
  olareg: {
    module: 'github.com/olareg/olareg',
    package: 'github.com/olareg/olareg/cmd/olareg',
    version: 'v0.1.2',
  },
  // An authority that speaks ACME, and the DNS server that it asks.
  pebble: { ...pebble, package: 'github.com/letsencrypt/pebble/v2/cmd/pebble' },
  'pebble-challtestsrv': { ...pebble, package: 'github.com/letsencrypt/pebble/v2/cmd/pebble-challtestsrv' },
} as const satisfies Record<string, GoProgram>;

export type GoToolName = keyof typeof goTools;

export const goToolNames = Object.keys(goTools) as readonly GoToolName[];

const containerd = {
  module: 'github.com/containerd/containerd/v2',
  version: 'v2.4.2',
  ldflags: '-X github.com/containerd/containerd/v2/version.Version=v2.4.2',
  // Snapshotters that no test uses; btrfs needs headers of its own.
  tags: 'no_btrfs no_devmapper no_zfs',
};

/**
 * A current Docker Engine, with its default image store, that of containerd. The module's versions are those of
 * moby/v2 and say nothing of the Engine's: releases/versions.yaml there does, and dockerd calls itself what it is
 * told. In another version of one of its parts it is another folder, so all of them are in its name.
 */
export const dockerEngine = {
  version: '29.8.1-containerd-2.4.2-runc-1.5.3',
  programs: {
    dockerd: {
      module: 'github.com/moby/moby/v2',
      package: 'github.com/moby/moby/v2/cmd/dockerd',
      version: 'v2.0.0-beta.24',
      ldflags: '-X github.com/moby/moby/v2/dockerversion.Version=29.8.1',
    },
    'docker-proxy': {
      module: 'github.com/moby/moby/v2',
      package: 'github.com/moby/moby/v2/cmd/docker-proxy',
      version: 'v2.0.0-beta.24',
    },
    containerd: { ...containerd, package: 'github.com/containerd/containerd/v2/cmd/containerd' },
    'containerd-shim-runc-v2': {
      ...containerd,
      package: 'github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2',
    },
    // Without seccomp the Engine could not start a container with its default profile.
    runc: {
      module: 'github.com/opencontainers/runc',
      package: 'github.com/opencontainers/runc',
      version: 'v1.5.3',
      tags: 'seccomp',
      cgo: true,
    },
  },
} as const satisfies { version: string; programs: Record<string, GoProgram> };
