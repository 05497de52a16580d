import type { Problem } from '../../core/errors.ts';
import { type Part, placeOf } from '../build/read.ts';
import { type Draft, isUnknown } from '../draft.ts';
import type { SettingManifest } from '../model.ts';
import { allowedValues, isAllowed } from '../setting-value.ts';
import { quote } from '../words.ts';

/** Settings and overrides that name what is not there, or choose a value that is not allowed. */
export function checkSettings(draft: Draft): readonly Problem[] {
  const settings = new Map(draft.services.flatMap(({ manifest }) => Object.entries(manifest.settings)));
  return [
    ...badDefaults(draft),
    ...badConditions(draft, settings),
    ...badChoices(draft, settings),
    ...badOverrides(draft),
  ];
}

function badDefaults(draft: Draft): readonly Problem[] {
  return draft.services.flatMap((service) =>
    Object.entries(service.manifest.settings)
      .filter(([, setting]) => !isAllowed(setting, setting.default))
      .map(([name, setting]) => ({
        code: 'bad-setting',
        message: `The default of the setting ${name} is ${quote(setting.default)}, which it does not take.`,
        suggestion: `use ${allowedValues(setting)}`,
        location: placeOf(service, 'settings', name, 'default'),
      })),
  );
}

function badConditions(draft: Draft, settings: ReadonlyMap<string, SettingManifest>): readonly Problem[] {
  const wrong = (options: {
    part: Part;
    path: readonly (string | number)[];
    when: Readonly<Record<string, string>>;
    subject: string;
  }): readonly Problem[] => {
    const { part, path, when, subject } = options;
    return Object.entries(when).flatMap(([name, value]) => {
      const problem = check({ draft, name, value, settings, subject });
      return problem === undefined ? [] : [{ ...problem, location: placeOf(part, ...path, 'when', name) }];
    });
  };
  const ports = draft.flavours.flatMap((part) =>
    part.kind === 'job'
      ? []
      : part.manifest.ports.flatMap(({ name, when }, index) =>
          wrong({ part, path: ['ports', index], when, subject: `The port ${name}` }),
        ),
  );
  const checks = draft.services.flatMap((part) =>
    part.manifest.checks.flatMap(({ name, when }, index) =>
      wrong({ part, path: ['checks', index], when, subject: `The check ${name}` }),
    ),
  );
  return [...ports, ...checks];
}

function badChoices(draft: Draft, settings: ReadonlyMap<string, SettingManifest>): readonly Problem[] {
  return Object.entries(draft.workspace.manifest.settings).flatMap(([name, value]) => {
    const location = placeOf(draft.workspace, 'settings', name);
    const problem = check({ draft, name, value, settings, subject: 'The workspace' });
    return problem === undefined ? [] : [{ ...problem, location }];
  });
}

function check(options: {
  draft: Draft;
  name: string;
  value: string;
  settings: ReadonlyMap<string, SettingManifest>;
  subject: string;
}): Problem | undefined {
  const { draft, name, value, settings, subject } = options;
  const setting = settings.get(name);
  if (setting === undefined) {
    // The setting may be one of a manifest that could not be read.
    if (draft.unread.length > 0) return undefined;
    return {
      code: 'unknown-setting',
      message: `${subject} depends on the setting ${quote(name)}, which does not exist.`,
      ...draft.didYouMean(name, () => settings.keys()),
    };
  }
  if (isAllowed(setting, value)) return undefined;
  return {
    code: 'bad-setting',
    message: `${subject} has ${quote(value)} for the setting ${name}, which takes ${allowedValues(setting)}.`,
    ...draft.didYouMean(value, () => setting.values ?? []),
  };
}

function badOverrides(draft: Draft): readonly Problem[] {
  return Object.keys(draft.workspace.manifest.base_overrides)
    .filter((role) => isUnknown(draft, role))
    .map((role) => ({
      code: 'unknown-service',
      message: `A base is chosen for ${quote(role)}, but no container has that role.`,
      ...draft.didYouMean(role, () => draft.byRole.keys()),
      location: placeOf(draft.workspace, 'base_overrides', role),
    }));
}
