import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { BuildKit } from './buildkit.ts';
import { repository, runArc } from './run-arc.ts';

/** A workspace in a git repository, whose images go to a registry of the test: `front`, `front-worker`, `store`. */
export type ImageWorkspace = {
  root: string;
  read: (file: string) => string;
  write: (file: string, text: string) => void;
  git: (...args: string[]) => string;
  /** Generates the files, and commits everything. Gives the whole hash. */
  commit: (message: string) => Promise<string>;
  remove: () => void;
};

const container = (options: { name: string; registry: string; base: string; port: number }) => `
name: arc-${options.name}
role: ${options.name}
codename: ${options.name}
tech: testbox
description: The ${options.name} of a test, which says "ok".
image: ${options.registry}/arc-test/arc-${options.name}:latest
upstream: ${options.base}
licenses: Apache-2.0
user: "65532:65532"
read_only: true
entrypoint: [/testbox]
command: [-port, "${options.port}"]
ports:
  - { name: http, container: ${options.port}, purpose: answers }
health:
  probe: { kind: http, port: http, path: / }
  command: [CMD, /testbox, -check, -port, "${options.port}"]
`;

const indented = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`))
    .join('\n');

/**
 * @param options.registry where the images go: `127.0.0.1:5000`
 * @param options.base what all of them are made from; see pushTestBase
 */
export async function makeImageWorkspace(options: {
  registry: string;
  base: string;
}): Promise<ImageWorkspace> {
  const root = mkdtempSync(join(tmpdir(), 'arc-images-workspace-'));
  const path = (file: string): string => join(root, file);
  const read = (file: string): string => readFileSync(path(file), 'utf8');
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), text);
  };
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], {
      cwd: root,
      encoding: 'utf8',
    }).trim();
  const commit = async (message: string): Promise<string> => {
    const { exitCode, output } = await runArc(['generate'], { cwd: root });
    if (exitCode !== 0) throw new Error(output);
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
    return git('rev-parse', 'HEAD');
  };
  const sidecar = container({ ...options, name: 'front-worker', port: 18082 });
  write(
    'services/front/service.yaml',
    `${container({ ...options, name: 'front', port: 18081 })}sidecars:\n${indented(sidecar)}\n`,
  );
  write(
    'services/store/service.yaml',
    `${container({ ...options, name: 'store', port: 18083 })}volumes:\n  - { name: data, target: /var/lib/store }\n`,
  );
  write(
    'services/profiles.yaml',
    'profiles:\n  all: { description: All of it., services: [front, store], needs: { cpus: 1, disk: 1g } }\n',
  );
  write(
    'arc.yaml',
    'project: arc-images-test\ndefault_profile: all\nrelease: { repository: https://github.com/arc-test/arc }\n',
  );
  write('.gitignore', '.arc/\n');
  git('init', '--quiet', '--initial-branch', 'main');
  return { root, read, write, git, commit, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/**
 * Pushes a base of three megabytes for two platforms, which answers over HTTP: tests/fixtures/testbox.
 *
 * @param options.reference `127.0.0.1:5000/hub/testbox:1.0`
 * @param options.mark makes another image of it
 * @param options.bytes of contents that do not compress, for each platform
 * @returns the digest of its index
 */
export async function pushTestBase(options: {
  buildkit: BuildKit;
  reference: string;
  mark?: string;
  bytes?: number;
}): Promise<string> {
  const { buildkit, reference, mark = '', bytes = 0 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'arc-testbox-'));
  try {
    const source = join(repository, 'tests', 'fixtures', 'testbox', 'main.go');
    for (const architecture of ['amd64', 'arm64']) {
      await execa('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', join(folder, architecture), source], {
        env: { CGO_ENABLED: '0', GOOS: 'linux', GOARCH: architecture },
      });
      // Behind the program itself, where it does no harm.
      appendFileSync(join(folder, architecture), randomBytes(bytes));
    }
    writeFileSync(
      join(folder, 'Dockerfile'),
      `FROM scratch\nARG TARGETARCH\nCOPY \${TARGETARCH} /testbox\nLABEL mark="${mark}"\nENTRYPOINT ["/testbox"]\n`,
    );
    const metadata = join(folder, 'metadata.json');
    await execa(
      buildkit.buildx,
      [
        ...['build', '--builder', 'arc', '--platform', 'linux/amd64,linux/arm64', '--provenance=false'],
        ...['--output', `type=image,name=${reference},push=true,oci-mediatypes=true`],
        ...['--metadata-file', metadata, folder],
      ],
      { env: buildkit.environment },
    );
    const { 'containerimage.digest': digest } = JSON.parse(readFileSync(metadata, 'utf8')) as Record<
      string,
      string
    >;
    return digest ?? '';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
