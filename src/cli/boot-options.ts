import { type Command, Option } from 'commander';
import { takeOverFlag, takeOverHelp } from '../app/other-workspace.ts';
import { durationOption } from './duration-option.ts';
import { addSelection, repeatable } from './selection-options.ts';

export function addImageOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--bases <policy>', 'where base images come from').choices(['auto', 'registry', 'local']),
    )
    .option('--offline', 'use only images on this Engine')
    .addOption(
      repeatable(
        '--flavour <policy>',
        'auto, upstream or another flavour, for containers that have it; for one container: realtime-egress=upstream (repeatable)',
      ),
    );
}

/** The flag that agrees to a loss of data by name. `--yes` does not. */
export function addLose(command: Command): Command {
  return command.addOption(
    repeatable(
      '--lose <address>',
      'remove a resource that no manifest declares any more, with its data: bucket/old (repeatable)',
    ),
  );
}

/** Flags of `up` and `restart`. */
export function addBoot(command: Command): Command {
  return addTimeout(
    addLose(addImageOptions(addSelection(command)))
      .option('-y, --yes', 'install what is missing, and stop containers with live sessions, without asking')
      .addOption(drainOption())
      .option('--partial', 'boot without the containers whose images are not available, and list them')
      .option(takeOverFlag, takeOverHelp),
  );
}

/** For commands that may stop something in which people are. */
export function drainOption(): Option {
  return durationOption({
    flags: '--drain <duration>',
    description: 'before stopping anything, wait up to this long for rooms to empty and recordings to end',
    example: '10m, 1h',
  });
}

export function addTimeout(command: Command): Command {
  return command.addOption(
    durationOption({
      flags: '--timeout <duration>',
      description: 'time until everything is healthy, not counting images',
      fallback: '120s',
      example: '90s, 5m',
    }),
  );
}
