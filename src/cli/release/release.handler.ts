import { openRegistry } from '../../app/open-registry.ts';
import { ArcError, exitStatus, invalid } from '../../core/errors.ts';
import { startStep } from '../../core/report-step.ts';
import { readGitSource } from '../../git/source.ts';
import { githubApi, githubRepository } from '../../github/address.ts';
import { type GithubClient, openGithub } from '../../github/client.ts';
import { findGithubToken } from '../../github/token.ts';
import { dockerfileProblems } from '../../images/builder/targets.ts';
import { lockFile } from '../../images/lock/model.ts';
import { readLock } from '../../images/lock/read.ts';
import { describeAction } from '../../release/actions.ts';
import { executeRelease, type Released } from '../../release/execute.ts';
import { imageAt } from '../../release/names.ts';
import { observeRelease } from '../../release/observe.ts';
import { planRelease, type ReleasePlan } from '../../release/plan.ts';
import { rehearsalReason } from '../../release/plan-stages.ts';
import { printReleasePlan } from '../../release/print-plan.ts';
import { readVersion } from '../../release/version.ts';
import type { ReleaseWork } from '../../release/work.ts';
import { loadWorkspace, type Workspace } from '../../workspace/load.ts';
import type { Cli, Handler } from '../cli.ts';
import { buildForRelease } from './build.ts';
import { bundleOf, requestOf } from './request.ts';
import { findTools } from './tools.ts';

type ReleaseOptions = {
  service: string;
  version: string;
  dryRun?: boolean;
  rehearsal?: boolean;
  requireScan?: boolean;
  unsigned?: boolean;
};

/** Releases a version of a service: looks at what there is, plans, and makes sure of one step after the other. */
export const releaseService: Handler<ReleaseOptions> = async (options, cli) => {
  const version = readVersion(options.version);
  const workspace = await loadWorkspace({ cwd: cli.cwd });
  const { root } = workspace;
  const git = { root, signal: cli.signal };
  const [source, lock] = await Promise.all([readGitSource(git), readLock({ root })]);
  if (source === undefined) throw noRepository(root);
  const { request, wanted, blueprint } = requestOf({
    workspace,
    lock,
    service: options.service,
    version,
    rehearsal: options.rehearsal === true,
    requireScan: options.requireScan === true,
    unsigned: options.unsigned === true,
  });
  const github = await connectGithub({ cli, address: request.repository });
  const registry = openRegistry(cli);
  try {
    const tools = findTools({ cli, root, request, unsigned: options.unsigned === true });
    const problems = await dockerfileProblems({ root, images: wanted });
    const snapshot = await watched({ cli, service: request.service }, () =>
      observeRelease({ request, source, git, registry, github, tools, problems }),
    );
    const plan = orRefuse(planRelease({ request, snapshot }));
    if (options.dryRun === true) {
      cli.result({ data: planData(plan), text: () => printReleasePlan(plan).trimEnd() });
      return exitStatus.done;
    }
    const work: ReleaseWork = {
      plan,
      snapshot,
      registry,
      github,
      git,
      environment: cli.environment,
      emit: cli.emit,
      signal: cli.signal,
      servicePaths: servicePaths({ workspace, service: options.service }),
      bundle: () => bundleOf({ blueprint, workspace, service: options.service }),
      build: (images) =>
        buildForRelease({
          ...{ cli, workspace, client: registry, lock, source, version, platforms: request.platforms },
          images: wanted.filter(({ role }) => images.some((image) => image.role === role)),
        }),
    };
    const released = await executeRelease(work);
    cli.result({
      data: {
        service: request.service,
        version,
        revision: plan.commit,
        rehearsal: request.rehearsal,
        release: released.hosted?.address,
        images: request.images.map((image) => ({
          name: image.name,
          reference: imageAt(image, { tag: version }),
          digest: released.images.get(image.role)?.digest,
        })),
        notRun: released.notRun,
      },
      text: () => answer({ plan, released }),
    });
    return exitStatus.done;
  } finally {
    await registry.close();
  }
};

async function connectGithub(options: { cli: Cli; address: string }): Promise<GithubClient> {
  const { cli, address } = options;
  const { environment, signal } = cli;
  const token = await findGithubToken({ environment, host: new URL(address).host, signal });
  if (token !== undefined) cli.protect([token]);
  return openGithub({
    repository: githubRepository(address),
    api: githubApi({ address, environment }),
    token,
    signal,
  });
}

/** Reports the observation as a step, because a registry or GitHub may be slow to answer. */
async function watched<Result>(
  options: { cli: Cli; service: string },
  look: () => Promise<Result>,
): Promise<Result> {
  const { emit } = options.cli;
  const step = startStep({ emit, id: 'observe', verb: 'observe', on: `service/${options.service}` });
  try {
    const result = await look();
    step.done();
    return result;
  } catch (error) {
    step.failed(error, 'internal');
    throw error;
  }
}

/** @throws ArcError with everything that is in the way; exit status 4 where all of it is missing from this machine */
function orRefuse(planned: ReturnType<typeof planRelease>): ReleasePlan {
  if ('plan' in planned) return planned.plan;
  const missing = planned.problems.every(({ code }) => prerequisites.has(code));
  throw new ArcError({
    problem: planned.problems,
    status: missing ? exitStatus.prerequisite : exitStatus.invalid,
  });
}

const prerequisites = new Set([
  'no-builder',
  'no-signer',
  'no-scanner',
  'registry-unauthorized',
  'github-refused',
]);

/** Commits that touch the service: its folder, and the shared sources. */
function servicePaths(options: { workspace: Workspace; service: string }): readonly string[] {
  const { services } = options.workspace.manifests;
  const folder = services.find(({ role }) => role === options.service)?.folder;
  return [...(folder === undefined ? [] : [folder]), lockFile];
}

function planData(plan: ReleasePlan): unknown {
  const { request, commit, stages } = plan;
  return {
    service: request.service,
    version: request.version,
    revision: commit,
    rehearsal: request.rehearsal,
    steps: stages.flatMap(({ name, steps }) =>
      steps.map((step) => ({ id: step.id, stage: name, what: describeAction(step), ...step.state })),
    ),
  };
}

function answer(options: { plan: ReleasePlan; released: Released }): string {
  const { plan, released } = options;
  const { request } = plan;
  const { service, version, rehearsal } = request;
  const rows = request.images.map((image) => [
    rehearsal ? image.name : imageAt(image, { tag: version }),
    released.images.get(image.role)?.digest ?? '',
  ]);
  return [
    rehearsal
      ? `${service} ${version} can be released as far as a rehearsal can tell: nothing has got that version.`
      : `${service} ${version} is released${released.hosted === undefined ? '' : `: ${released.hosted.address}`}`,
    ...rows.map(([name = '', digest = '']) => `  ${name}  ${digest}`),
    ...notRunLines(released.notRun),
  ].join('\n');
}

/** A line for each reason; that a rehearsal leaves things out is what it was called for. */
function notRunLines(notRun: Released['notRun']): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { step, reason, suggestion } of notRun) {
    if (reason === rehearsalReason) continue;
    const why = `${reason}${suggestion === undefined ? '' : `; ${suggestion}`}`;
    const what = wordOf(step);
    byReason.set(why, [...(byReason.get(why) ?? []), what]);
  }
  return Array.from(
    byReason,
    ([why, steps]) => `not run: ${[...new Set(steps)].join(', ')} (${steps.length}): ${why}`,
  );
}

/** `scan` of `scan arc-realtime linux/amd64`, and `tag latest` of `tag arc-realtime:latest`. */
function wordOf(step: string): string {
  const [kind = '', rest = ''] = step.split(' ');
  return kind === 'tag' ? `tag ${rest.split(':').at(-1)}` : kind;
}

function noRepository(root: string) {
  return invalid({
    code: 'no-repository',
    message: `${root} is not in a git repository with a commit, and a release is of a commit.`,
    suggestion: 'run it in a clone of the repository that arc.yaml names',
  });
}
