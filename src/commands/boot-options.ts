import { type Command, Option } from 'commander';
import { invalid } from '../errors.ts';
import type { BasePolicy, FlavourPolicy } from '../manifest/model.ts';
import type { FlavourChoices } from '../stack/flavours.ts';
import { takeOverFlag, takeOverHelp } from './other-workspace.ts';
import { addSelection, repeatable, type SelectionOptions } from './selection-options.ts';

/** Flags of every command that may have to bring images to the Engine. */
export type ImageOptions = {
  bases?: BasePolicy;
  offline?: boolean;
  flavour?: readonly string[];
};

export type BootOptions = SelectionOptions &
  ImageOptions & {
    yes?: boolean;
    partial?: boolean;
    takeOver?: boolean;
    timeout: string;
  };

export function addImageOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--bases <policy>', 'where base images come from').choices(['auto', 'registry', 'local']),
    )
    .option('--offline', 'use only what is on this Engine')
    .addOption(
      repeatable(
        '--flavour <policy>',
        'auto, upstream or embedded, for containers that have both; realtime-egress=embedded for one (repeatable)',
      ),
    );
}

const flavourPolicies: readonly FlavourPolicy[] = ['auto', 'upstream', 'embedded'];

/**
 * `['upstream', 'realtime-egress=embedded']` → what is said of all containers, and of single ones.
 *
 * @throws ArcError `bad-flag`
 */
export function parseFlavours(flags: readonly string[] = []): FlavourChoices {
  const byRole: Record<string, FlavourPolicy> = {};
  let all: FlavourPolicy | undefined;
  for (const flag of flags) {
    const at = flag.lastIndexOf('=');
    const policy = flavourPolicies.find((one) => one === flag.slice(at + 1));
    if (policy === undefined || at === 0)
      throw invalid({
        code: 'bad-flag',
        message: `--flavour takes auto, upstream or embedded, or <role>=<one of them>, and got "${flag}".`,
        suggestion: 'for example --flavour embedded, or --flavour realtime-egress=upstream',
      });
    if (at < 0) all = policy;
    else byRole[flag.slice(0, at)] = policy;
  }
  return { ...(all === undefined ? {} : { all }), byRole };
}

/** Flags of `up` and `restart`. */
export function addBoot(command: Command): Command {
  return addTimeout(
    addImageOptions(addSelection(command))
      .option('-y, --yes', 'agree to installing what is missing')
      .option('--partial', 'boot what can be had, and say what is missing')
      .option(takeOverFlag, takeOverHelp),
  );
}

export function addTimeout(command: Command): Command {
  return command.option(
    '--timeout <duration>',
    'one deadline until everything is healthy, images not counted: 90s, 5m',
    '120s',
  );
}

/**
 * `90s` → 90000.
 *
 * @returns milliseconds
 * @throws ArcError `bad-flag`
 */
export function parseDuration(options: { text: string; flag: string }): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(options.text);
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? ''];
  if (match?.[1] === undefined || unit === undefined)
    throw invalid({
      code: 'bad-flag',
      message: `${options.flag} takes a number and a unit, and got "${options.text}".`,
      suggestion: `for example ${options.flag} 90s or 5m`,
    });
  return Number(match[1]) * unit;
}
