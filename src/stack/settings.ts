import { defined } from '../core/defined.ts';
import type { Problem } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Manifests, SettingManifest } from '../manifest/model.ts';
import {
  type AddressMode,
  addressModes,
  allowedValues,
  isAddressMode,
  isAllowed,
} from '../manifest/setting-value.ts';
import type { ResolvedSetting } from './model.ts';
import { throwIfAny } from './problems.ts';

/** Choices for this run: the process's environment, and `--set name=value`. */
export type SettingChoices = {
  environment: Readonly<Record<string, string | undefined>>;
  flags: Readonly<Record<string, string>>;
};

/** Answers for address settings in `lan` or `public` mode, by the setting's name. */
export type LookedUp = Readonly<Record<string, { value: string; note: string }>>;

/** No choices at all: defaults and arc.yaml, which is what generated files are written with. */
export const noChoices: SettingChoices = { environment: {}, flags: {} };

/**
 * Decides every setting of the workspace: a flag wins over the environment, that over arc.yaml, that over the default.
 * An empty environment variable counts as unset, as it does in a compose file.
 * Address settings still hold their mode here. Throws `unknown-setting` and `bad-setting`, all of them at once.
 */
export function chooseSettings(options: {
  manifests: Manifests;
  choices: SettingChoices;
}): Readonly<Record<string, ResolvedSetting>> {
  const { manifests, choices } = options;
  const settings: Record<string, ResolvedSetting> = {};
  const problems: Problem[] = [];
  for (const service of manifests.services) {
    for (const [name, manifest] of Object.entries(service.settings)) {
      const { value, source } = pick({ name, manifest, choices, workspace: manifests.workspace.settings });
      settings[name] = {
        value,
        source,
        description: manifest.description,
        service: service.role,
        ...(manifest.kind === 'text' ? {} : { kind: manifest.kind }),
        ...defined({ values: manifest.values, range: manifest.range, env: manifest.env }),
      };
      const problem = check({ name, manifest, value, source });
      if (problem !== undefined) problems.push(problem);
    }
  }
  for (const [where, chosen] of [
    ['arc.yaml', manifests.workspace.settings],
    ['--set', choices.flags],
  ] as const) {
    for (const name of Object.keys(chosen)) {
      if (settings[name] === undefined)
        problems.push(unknownSetting({ name, where, known: Object.keys(settings) }));
    }
  }
  throwIfAny(problems);
  return settings;
}

/** The address settings whose answer `resolveStack` wants in `lookedUp`. */
export function addressesToLookUp(options: {
  manifests: Manifests;
  choices: SettingChoices;
}): readonly { name: string; mode: AddressMode }[] {
  const settings = chooseSettings(options);
  return options.manifests.services.flatMap((service) =>
    Object.entries(service.settings).flatMap(([name, manifest]) => {
      const mode = addressModes.find((candidate) => candidate === settings[name]?.value);
      return manifest.kind === 'address' && mode !== undefined ? [{ name, mode }] : [];
    }),
  );
}

/**
 * The address settings that nobody has set and whose default is this machine's loopback address, which is useless for
 * an Engine on another machine.
 */
export function loopbackDefaults(options: {
  manifests: Manifests;
  choices: SettingChoices;
}): readonly string[] {
  const settings = chooseSettings(options);
  return options.manifests.services.flatMap((service) =>
    Object.entries(service.settings).flatMap(([name, { kind }]) => {
      const { value, source } = settings[name] ?? {};
      return kind === 'address' && source === 'default' && value?.startsWith('127.') ? [name] : [];
    }),
  );
}

/** Puts the answers in the place of `lan`, `public` and the defaults that were looked up. Throws `address-not-found` for those without one. */
export function fillAddresses(options: {
  manifests: Manifests;
  settings: Readonly<Record<string, ResolvedSetting>>;
  lookedUp: LookedUp;
}): Readonly<Record<string, ResolvedSetting>> {
  const settings = { ...options.settings };
  const problems: Problem[] = [];
  for (const service of options.manifests.services) {
    for (const [name, manifest] of Object.entries(service.settings)) {
      const setting = settings[name];
      const found = options.lookedUp[name];
      if (manifest.kind !== 'address' || setting === undefined) continue;
      const follows = setting.source === 'default' && found !== undefined && found.value !== setting.value;
      if (!isAddressMode(setting.value) && !follows) continue;
      if (found === undefined) {
        problems.push({
          code: 'address-not-found',
          message: `The setting ${name} is ${setting.value}, but no such address of this machine was found.`,
          suggestion: `give the address itself: ${manifest.env === undefined ? `--set ${name}=192.0.2.10` : `${manifest.env}=192.0.2.10`}`,
        });
      } else {
        settings[name] = { ...setting, value: found.value, note: found.note };
      }
    }
  }
  throwIfAny(problems);
  return settings;
}

/** The stand-ins for addresses that would be looked up, in files that must be the same on every machine: the defaults. */
export function portableAddresses(manifests: Manifests): LookedUp {
  return Object.fromEntries(
    manifests.services.flatMap((service) =>
      Object.entries(service.settings).map(([name, manifest]) => [
        name,
        {
          value: isAddressMode(manifest.default) ? '127.0.0.1' : manifest.default,
          note: 'default, in generated files',
        },
      ]),
    ),
  );
}

/** Settings as generated files are written with. */
export function portableSettings(manifests: Manifests): Readonly<Record<string, ResolvedSetting>> {
  return fillAddresses({
    manifests,
    settings: chooseSettings({ manifests, choices: noChoices }),
    lookedUp: portableAddresses(manifests),
  });
}

function pick(options: {
  name: string;
  manifest: SettingManifest;
  choices: SettingChoices;
  workspace: Readonly<Record<string, string>>;
}): { value: string; source: ResolvedSetting['source'] } {
  const { name, manifest, choices, workspace } = options;
  const flag = choices.flags[name];
  if (flag !== undefined) return { value: flag, source: 'flag' };
  const environment = manifest.env === undefined ? undefined : choices.environment[manifest.env];
  if (environment !== undefined && environment !== '') return { value: environment, source: 'environment' };
  const chosen = workspace[name];
  if (chosen !== undefined) return { value: chosen, source: 'arc.yaml' };
  return { value: manifest.default, source: 'default' };
}

function check(options: {
  name: string;
  manifest: SettingManifest;
  value: string;
  source: ResolvedSetting['source'];
}): Problem | undefined {
  const { name, manifest, value, source } = options;
  const origin = {
    default: 'its default',
    'arc.yaml': 'arc.yaml',
    environment: `${manifest.env}`,
    flag: `--set ${name}`,
  }[source];
  if (!isAllowed(manifest, value)) {
    const meant = nearest(value, manifest.values ?? []);
    return {
      code: 'bad-setting',
      message: `The setting ${name} cannot be "${value}" (from ${origin}); it takes ${allowedValues(manifest)}.`,
      ...(meant === undefined ? {} : { suggestion: `did you mean \`${meant}\`?` }),
    };
  }
  // It is written into files line by line.
  if (/[\r\n\0]/.test(value)) {
    return { code: 'bad-setting', message: `The setting ${name} (from ${origin}) must be one line of text.` };
  }
  return undefined;
}

function unknownSetting(options: { name: string; where: string; known: readonly string[] }): Problem {
  const meant = nearest(options.name, options.known);
  return {
    code: 'unknown-setting',
    message: `No service has a setting called ${options.name} (from ${options.where}).`,
    suggestion:
      meant === undefined ? `the settings are ${options.known.join(', ')}` : `did you mean \`${meant}\`?`,
  };
}
