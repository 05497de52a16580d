import { invalid } from '../../core/errors.ts';
import { lastPort } from '../../manifest/offset-problems.ts';
import type { Choices } from '../../scaffold/new-workspace.ts';
import type { Cli } from '../cli.ts';

/** Flags that say how a workspace shares an Engine with others. */
export type PlaceFlags = { names?: string; ports?: string; yes?: boolean };

type Place = Pick<Choices, 'names' | 'ports'>;

const usual: Place = { names: 'manifest', ports: 0 };
const beside: Place = { names: 'project', ports: 'auto' };

/**
 * The policy for names and ports on an Engine. Flags come first; else arc asks whether the workspace should run beside
 * another stack. Without a terminal, the manifests decide.
 *
 * @throws ArcError `bad-flag` (exit status 2)
 */
export async function choosePlace(options: { flags: PlaceFlags; cli: Pick<Cli, 'ask'> }): Promise<Place> {
  const { flags, cli } = options;
  const names = flags.names === undefined ? undefined : parseNames(flags.names);
  const ports = flags.ports === undefined ? undefined : parsePorts(flags.ports);
  if (names !== undefined || ports !== undefined)
    return { names: names ?? usual.names, ports: ports ?? usual.ports };
  if (flags.yes === true || cli.ask === undefined) return usual;
  const question = 'Run it beside another stack on one Engine, with names and ports of its own?';
  return (await cli.ask.confirm(question)) ? beside : usual;
}

function parseNames(text: string): Place['names'] {
  if (text === 'manifest' || text === 'project') return text;
  throw badFlag({ flag: '--names', text, reason: 'it takes manifest or project' });
}

function parsePorts(text: string): Place['ports'] {
  if (text === 'auto') return text;
  const offset = Number(text);
  if (/^\d{1,5}$/.test(text) && offset < lastPort) return offset;
  throw badFlag({
    flag: '--ports',
    text,
    reason: 'it takes a number to add to ports, such as 1000, or auto',
  });
}

function badFlag(options: { flag: string; text: string; reason: string }) {
  return invalid({
    code: 'bad-flag',
    message: `${options.flag} cannot be "${options.text}": ${options.reason}.`,
    suggestion: 'arc init --help',
  });
}
