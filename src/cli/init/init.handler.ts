import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import serviceSchema from '../../../schemas/service.schema.json' with { type: 'json' };
import { type ExitStatus, exitStatus, invalid } from '../../core/errors.ts';
import { readOrigin } from '../../git/remote.ts';
import type { Manifests } from '../../manifest/model.ts';
import { agentNeeds, agentService } from '../../scaffold/agent-service.ts';
import { readBuiltin, withDependencies } from '../../scaffold/builtin.ts';
import { lines, newWorkspace } from '../../scaffold/new-workspace.ts';
import { checkNewFolder, writeWorkspace } from '../../scaffold/write-workspace.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Cli, Handler } from '../cli.ts';
import { gatherChoices, type InitFlags } from './answers.ts';

type InitOptions = InitFlags & { dir: string; agent?: string };

/**
 * Looks at the folder before it asks anything, and writes only when everything is known. With `--agent`, a workspace that
 * is there gets an agent.
 */
export const initialise: Handler<InitOptions> = async (options, cli) => {
  const root = resolve(cli.cwd, options.dir);
  const { agent } = options;
  if (agent !== undefined && existsSync(join(root, 'arc.yaml'))) return await addAgent({ agent, root, cli });
  checkNewFolder(root);
  const builtin = await readBuiltin();
  if (agent !== undefined) checkAgentName({ agent, manifests: builtin.manifests });
  // A folder that is not there yet may come to be in a repository that is.
  const origin = await readOrigin({ root: existsSync(root) ? root : cli.cwd, signal: cli.signal });
  const asked = await gatherChoices({ flags: options, builtin, root, origin, cli });
  const needs = agent === undefined ? [] : agentNeeds;
  const choices = { ...asked, services: [...new Set([...asked.services, ...needs])] };
  const files = new Map([...newWorkspace({ builtin, choices }), ...(await agentFiles(agent))]);
  await writeWorkspace({ root, files, lines });
  const services = withDependencies(builtin.manifests, choices.services).map(({ role }) => role);
  if (agent !== undefined) services.push(agent);
  const next = nextCommand(cli.cwd, root, agent ?? builtin.manifests.workspace.default_profile);
  cli.result({
    data: {
      root,
      project: choices.project,
      images: choices.images,
      services,
      files: [...files.keys(), ...lines.keys()],
      next,
    },
    text: () =>
      `Created the workspace ${choices.project} with ${services.join(', ')} in ${root}.\nIts images are in ${choices.images}.\nNext:\n  ${next}`,
  });
  return exitStatus.done;
};

async function agentFiles(agent: string | undefined): Promise<ReadonlyMap<string, string>> {
  return agent === undefined ? new Map() : await agentService({ name: agent });
}

/** Adds the service of an agent to a workspace, and changes nothing of it. */
async function addAgent(options: { agent: string; root: string; cli: Cli }): Promise<ExitStatus> {
  const { agent, root, cli } = options;
  const { manifests } = await loadWorkspace({ cwd: root });
  checkAgentName({ agent, manifests });
  const roles = new Set(manifests.services.map(({ role }) => role));
  const missing = agentNeeds.filter((role) => !roles.has(role));
  if (missing.length > 0)
    throw invalid({
      code: 'agent-needs',
      message: `The workspace lacks ${missing.join(' and ')}, which an agent needs.`,
      suggestion: `make a new one that has them: arc init <folder> --agent ${agent}`,
    });
  const files = await agentService({ name: agent });
  await writeWorkspace({ root, files, lines: new Map() });
  const { project, images } = manifests.workspace;
  const next = nextCommand(cli.cwd, root, agent);
  cli.result({
    data: { root, project, images, services: [agent], files: [...files.keys()], next },
    text: () =>
      `Created the agent ${agent} in ${join(root, 'services', agent)}; its program is in the folder program.\nNext:\n  ${next}\n  arc agents dispatch <room> --agent ${agent}`,
  });
  return exitStatus.done;
}

function checkAgentName(options: { agent: string; manifests: Manifests }): void {
  const { agent, manifests } = options;
  const { pattern } = serviceSchema.$defs.role;
  if (!new RegExp(pattern).test(agent)) throw badName(agent, 'it takes letters, digits and dashes: guide');
  const taken = [...manifests.services, ...manifests.profiles].some(
    (one) => ('role' in one ? one.role : one.name) === agent,
  );
  if (taken) throw badName(agent, 'a service or a profile has that name');
}

function badName(agent: string, reason: string) {
  return invalid({
    code: 'bad-flag',
    message: `--agent cannot be "${agent}": ${reason}.`,
    suggestion: 'arc init --help',
  });
}

function nextCommand(cwd: string, root: string, what: string): string {
  const way = relative(cwd, root);
  const folder = way.startsWith('..') ? root : way;
  return way === '' ? `arc up ${what}` : `cd ${folder} && arc up ${what}`;
}
