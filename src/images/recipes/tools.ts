import type { RecipeStep } from '../../manifest/model-recipe.ts';

/** A program of this machine that a kind of recipe step runs. Nothing here installs it: `doctor/` does. */
export type RecipeTool = {
  program: string;
  /** The oldest version that will do, and how the program tells its own. */
  least?: { version: readonly [number, number]; ask: readonly string[] };
  /** Debian packages that bring it in a version that will do. */
  packages: readonly string[];
  /** Additional needs of a user other than root, and the command that then succeeds. */
  ordinaryUser?: { packages: readonly string[]; proof: readonly [string, ...string[]] };
  /** How a person gets it. */
  install: string;
};

// Debian 12's golang-go is 1.19, which cannot fetch the newer toolchain that a module asks for (from 1.21 on).
const go: RecipeTool = {
  program: 'go',
  least: { version: [1, 21], ask: ['env', 'GOVERSION'] },
  packages: [],
  install: 'install Go 1.21 or newer: https://go.dev/dl',
};

const pip: RecipeTool = {
  program: 'pip',
  packages: ['python3-pip'],
  install: 'install pip: https://pip.pypa.io',
};

/** One tool for each kind; kinds that need the same one have the same object. Copying pages needs none. */
export const recipeTools = {
  go,
  'go-module': go,
  collector: go,
  debian: {
    program: 'mmdebstrap',
    packages: ['mmdebstrap', 'debian-archive-keyring'],
    // mmdebstrap creates files of root in a user namespace, which needs newuidmap and a range of ids in /etc/subuid.
    ordinaryUser: { packages: ['uidmap'], proof: ['mmdebstrap', '--unshare-helper', 'true'] },
    install:
      'on Debian or Ubuntu: sudo apt-get install mmdebstrap debian-archive-keyring; other systems cannot build this base',
  },
  // Debian 12's npm is 9.2, which fetches for this machine's processor only.
  npm: {
    program: 'npm',
    least: { version: [10, 0], ask: ['--version'] },
    packages: [],
    install: 'install Node.js with npm 10 or newer: https://nodejs.org',
  },
  python: pip,
  pypi: pip,
  maven: {
    program: 'mvn',
    // 3.6.3 is the oldest that the pinned plugin runs on. Java comes along as a dependency of the package.
    least: { version: [3, 6], ask: ['--version'] },
    packages: ['maven'],
    install: 'install Maven 3.6.3 or newer, and Java: https://maven.apache.org',
  },
  documentation: undefined,
} satisfies Record<RecipeStep['kind'], RecipeTool | undefined>;
