import { basename } from 'node:path';
import workspaceSchema from '../../../schemas/workspace.schema.json' with { type: 'json' };
import { type ArcError, invalid } from '../../core/errors.ts';
import { githubOwner } from '../../git/remote.ts';
import type { ServiceManifest } from '../../manifest/model.ts';
import { allowedValues, isAllowed } from '../../manifest/setting-value.ts';
import { type Builtin, withDependencies } from '../../scaffold/builtin.ts';
import type { Choices } from '../../scaffold/new-workspace.ts';
import type { Cli } from '../cli.ts';
import { choosePlace, type PlaceFlags } from './place.ts';

export type InitFlags = PlaceFlags & {
  project?: string;
  images?: string;
  services?: string;
  media?: string;
  nodeIp?: string;
};

/** One thing to be known: from its flag, from a person, or its default. */
type Question = {
  flag: string;
  given: string | undefined;
  standard: string;
  /** Why a value will not do; undefined if it does. */
  objection: (value: string) => string | undefined;
  ask: (context: PromptContext) => Promise<string>;
};

type PromptContext = { output: NodeJS.WriteStream; signal: AbortSignal };

/**
 * The choices for a new workspace: from flags first, then from questions on a terminal, or the defaults with `--yes`.
 *
 * @throws ArcError (exit status 2) `bad-flag` for a value that will not do, `needs-answers` if nobody can be asked
 */
export async function gatherChoices(options: {
  flags: InitFlags;
  builtin: Builtin;
  root: string;
  /** Address of the remote repository, if there is one. */
  origin: string | undefined;
  cli: Cli;
}): Promise<Choices> {
  const { flags, builtin, root, origin, cli } = options;
  const project = await answer(projectQuestion(flags, root), flags, cli);
  const images = flags.images ?? imagesPlace({ origin, project });
  if (!isImagesPlace(images)) throw badFlag('--images', images, 'write it like ghcr.io/ada');
  const services = (await answer(servicesQuestion(flags, builtin), flags, cli))
    .split(',')
    .map((role) => role.trim());
  const chosen = withDependencies(builtin.manifests, services);
  const settings: Record<string, string> = {};
  for (const { name, flag, given } of [
    { name: 'media', flag: '--media', given: flags.media },
    { name: 'node_ip', flag: '--node-ip', given: flags.nodeIp },
  ]) {
    const setting = chosen.map((service) => service.settings[name]).find((each) => each !== undefined);
    if (setting) settings[name] = await answer(settingQuestion({ flag, given, setting }), flags, cli);
    else if (given !== undefined) throw badFlag(flag, given, 'none of the chosen services has that setting');
  }
  return { project, images, services, settings, ...(await choosePlace({ flags, cli })) };
}

async function answer(question: Question, flags: InitFlags, cli: Cli): Promise<string> {
  const { flag, given, standard, objection } = question;
  if (given !== undefined) {
    const reason = objection(given);
    if (reason !== undefined) throw badFlag(flag, given, reason);
    return given;
  }
  if (flags.yes === true) return standard;
  if (cli.ask === undefined) {
    throw invalid({
      code: 'needs-answers',
      message: `${flag} is missing, and arc has no terminal to ask on.`,
      suggestion: `add ${flag}, or --yes to take the defaults`,
    });
  }
  return question.ask({ output: process.stderr, signal: cli.signal });
}

function projectQuestion(flags: InitFlags, root: string): Question {
  const standard = projectName(basename(root));
  const objection = (name: string) =>
    /^[a-z0-9][a-z0-9_-]{0,62}$/.test(name)
      ? undefined
      : 'it takes up to 63 small letters, digits, dashes and underscores';
  return {
    flag: '--project',
    given: flags.project,
    standard,
    objection,
    ask: async (context) => {
      const { prompts } = await import('../prompts.ts');
      return prompts.input(
        { message: 'Name of the project', default: standard, validate: (name) => objection(name) ?? true },
        context,
      );
    },
  };
}

/** A folder's name as the name of a project. */
export function projectName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 63);
  return name === '' ? 'arc' : name;
}

/**
 * Registry and path of the images: the packages of the repository's owner, or a name that no registry can have. Docker
 * treats `localhost` as a registry, so this name never pulls an image of somebody else.
 */
export function imagesPlace(options: { origin: string | undefined; project: string }): string {
  const owner = githubOwner(options.origin ?? '');
  if (owner !== undefined) return `ghcr.io/${owner.toLowerCase()}`;
  return `localhost/${options.project.replace(/[^a-z0-9]+/g, '-').replace(/-$/, '')}`;
}

function isImagesPlace(text: string): boolean {
  return new RegExp(workspaceSchema.properties.images.pattern).test(text);
}

function servicesQuestion(flags: InitFlags, { manifests }: Builtin): Question {
  const roles = manifests.services.map(({ role }) => role);
  const standard =
    manifests.profiles.find(({ name }) => name === manifests.workspace.default_profile)?.services ?? roles;
  return {
    flag: '--services',
    given: flags.services,
    standard: standard.join(','),
    objection: (value) => {
      const unknown = value.split(',').find((role) => !roles.includes(role.trim()));
      return unknown === undefined ? undefined : `the built-in services are ${roles.join(', ')}`;
    },
    ask: async (context) => {
      const { prompts } = await import('../prompts.ts');
      const chosen = await prompts.checkbox(
        {
          message: 'Services (arc adds their dependencies)',
          choices: manifests.services.map(({ role, description }) => ({
            value: role,
            name: `${role}  ${description}`,
            short: role,
            checked: standard.includes(role),
          })),
          required: true,
        },
        context,
      );
      return chosen.join(',');
    },
  };
}

function settingQuestion(options: {
  flag: string;
  given: string | undefined;
  setting: ServiceManifest['settings'][string];
}): Question {
  const { flag, given, setting } = options;
  const { values, description } = setting;
  // The first value is what a new workspace does best with; the default is what those that say nothing have.
  const standard = values?.[0] ?? setting.default;
  const objection = (value: string) =>
    isAllowed(setting, value) ? undefined : `it takes ${allowedValues(setting)}`;
  return {
    flag,
    given,
    standard,
    objection,
    ask: async (context) => {
      const { prompts } = await import('../prompts.ts');
      if (values) {
        const choices = values.map((value) => ({ value, name: value }));
        return prompts.select({ message: description, choices, default: standard }, context);
      }
      return prompts.input(
        { message: description, default: standard, validate: (value) => objection(value) ?? true },
        context,
      );
    },
  };
}

function badFlag(flag: string, value: string, reason: string): ArcError {
  return invalid({
    code: 'bad-flag',
    message: `${flag} cannot be "${value}": ${reason}.`,
    suggestion: 'arc init --help',
  });
}
