import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { DoctorReport, ReportedFinding } from '../../src/cli/doctor/report.ts';

/** arc's program, a Node to run it and a workspace, in a folder that every user of this machine may read. */
export type Installation = {
  folder: string;
  node: string;
  program: string;
  workspace: string;
  remove: () => void;
};

const repository = join(import.meta.dirname, '..', '..');

/** Builds arc where its sources are newer, and puts a copy where also other users can run it. */
export async function installForAll(): Promise<Installation> {
  await execa(join(repository, 'bin', 'arc'), ['--version']);
  const folder = mkdtempSync(join(tmpdir(), 'arc-doctor-'));
  const at = (...path: string[]) => join(folder, ...path);
  await execa('chmod', ['755', folder]);
  mkdirSync(at('dist'));
  copyFileSync(process.execPath, at('node'));
  copyFileSync(join(repository, 'dist', 'arc.cjs'), at('dist', 'arc.cjs'));
  for (const part of ['services', 'schemas', 'contracts', 'package.json']) {
    cpSync(join(repository, part), at(part), { recursive: true });
  }
  const installation = {
    folder,
    node: at('node'),
    program: at('dist', 'arc.cjs'),
    workspace: at('workspace'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  await run(installation, ['init', 'workspace', '--yes', '--project', 'arcdoctor'], { cwd: folder });
  return installation;
}

type Running = { cwd?: string; environment?: Record<string, string>; before?: readonly string[] };

/** Runs arc to its end. `before` is what runs it: `['setpriv', '--reuid=65534', …]`. */
export async function run(installation: Installation, args: readonly string[], options: Running = {}) {
  const { cwd = installation.workspace, environment = {}, before = [] } = options;
  const [program = installation.node, ...rest] = [
    ...before,
    installation.node,
    installation.program,
    ...args,
  ];
  const { exitCode, stdout, stderr } = await execa(program, rest, {
    cwd,
    env: {
      ...engine(),
      PATH: process.env.PATH ?? '',
      HOME: installation.folder,
      LANG: 'C.UTF-8',
      ...environment,
    },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  return { exitCode, stdout, stderr };
}

/** What `arc doctor --json` finds. */
export async function diagnose(installation: Installation, args: readonly string[], options: Running = {}) {
  const { exitCode, stdout } = await run(installation, ['doctor', '--json', ...args], options);
  const events = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const report: DoctorReport = events.find(({ type }) => type === 'result')?.data ?? {
    ready: false,
    findings: [],
  };
  const about = (check: string): readonly ReportedFinding[] =>
    report.findings.filter((finding) => finding.check === check);
  return { exitCode, events, report, about };
}

/** The Engine that the tests are run against, where one is named. */
function engine(): Record<string, string> {
  const { DOCKER_HOST } = process.env;
  return DOCKER_HOST === undefined ? {} : { DOCKER_HOST };
}
