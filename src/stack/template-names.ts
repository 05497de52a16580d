import type { Problem } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { describe, type Origin } from './origin.ts';
import type { Names } from './scope.ts';

/** A name that a template uses, and where. */
export type Name = { path: readonly string[]; line: number; column: number };

const roots = [
  'project',
  'routes',
  'scrapes',
  'alerts',
  'panels',
  'contracts',
  'ports',
  'host_ports',
  'containers',
  'settings',
  'secrets',
  'certificates',
];
const certificateFields = ['chain', 'key'];
const containerFields = ['host', 'flavour', 'ports', 'host_ports'];

/** A problem where a path leads to nothing that exists. */
export function checkName(options: {
  name: Name;
  names: Names;
  text: string;
  origin: Origin;
}): Problem | undefined {
  const { name, names, text, origin } = options;
  const [root = '', second, third, fourth] = name.path;
  const unknown = (valid: number, candidates: Iterable<string>): Problem => {
    const path = name.path.slice(0, valid + 1);
    const meant = nearest(path.at(-1) ?? '', candidates);
    return {
      ...describe({
        code: 'template-unknown-name',
        text,
        origin,
        at: name,
        message: `\`${path.join('.')}\` does not exist.`,
      }),
      ...(meant === undefined
        ? {}
        : { suggestion: `did you mean \`${[...path.slice(0, -1), meant].join('.')}\`?` }),
    };
  };
  switch (root) {
    case 'project':
    case 'routes':
    case 'scrapes':
    case 'alerts':
    case 'panels':
    case 'contracts':
      return undefined;
    case 'ports':
    case 'host_ports':
      return second === undefined || names.ports.has(second) ? undefined : unknown(1, names.ports);
    case 'settings':
      return second === undefined || names.settings.has(second) ? undefined : unknown(1, names.settings);
    case 'secrets':
      if (names.secrets === 'none') return openSecret({ name, text, origin });
      if (second !== undefined && !names.secrets.has(second)) return unknown(1, names.secrets);
      return third === undefined ? undefined : unknown(2, []);
    case 'certificates':
      if (names.certificates === 'none') return openSecret({ name, text, origin });
      if (second !== undefined && !names.certificates.has(second)) return unknown(1, names.certificates);
      return third === undefined || certificateFields.includes(third)
        ? undefined
        : unknown(2, certificateFields);
    case 'containers': {
      if (second === undefined) return undefined;
      const ports = names.containers.get(second);
      if (ports === undefined) return unknown(1, names.containers.keys());
      if (third === undefined) return undefined;
      if (!containerFields.includes(third)) return unknown(2, containerFields);
      return third === 'host' || third === 'flavour' || fourth === undefined || ports.has(fourth)
        ? undefined
        : unknown(3, ports);
    }
    default:
      return unknown(0, roots);
  }
}

function openSecret(options: { name: Name; text: string; origin: Origin }): Problem {
  const { name, text, origin } = options;
  return {
    ...describe({
      code: 'secret-in-the-open',
      text,
      origin,
      at: name,
      message: `\`${name.path.join('.')}\` cannot be used here, where anybody who can list containers or processes would read it.`,
    }),
    suggestion: 'write it into a file under `config:` and let the program read that',
  };
}
