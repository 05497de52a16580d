import { Command, CommanderError, Help, Option } from 'commander';
import { agents } from './cli/agents/agents.command.ts';
import { backup } from './cli/backup/backup.command.ts';
import { build } from './cli/build/build.command.ts';
import { ca } from './cli/ca/ca.command.ts';
import { clean } from './cli/clean/clean.command.ts';
import type { CommandRegistration } from './cli/cli.ts';
import { commandName } from './cli/command-name.ts';
import { completion } from './cli/completion/completion.command.ts';
import { contract } from './cli/contract/contract.command.ts';
import { doctor } from './cli/doctor/doctor.command.ts';
import { down } from './cli/down/down.command.ts';
import { drift } from './cli/drift/drift.command.ts';
import { exec } from './cli/exec/exec.command.ts';
import { explain } from './cli/explain/explain.command.ts';
import { generate } from './cli/generate/generate.command.ts';
import { graph } from './cli/graph/graph.command.ts';
import { health } from './cli/health/health.command.ts';
import { hosts } from './cli/hosts/hosts.command.ts';
import { images } from './cli/images/images.command.ts';
import { init } from './cli/init/init.command.ts';
import { logs } from './cli/logs/logs.command.ts';
import { metrics } from './cli/metrics/metrics.command.ts';
import { nuke } from './cli/nuke/nuke.command.ts';
import { standardStream } from './cli/output/standard-stream.ts';
import { panels } from './cli/panels/panels.command.ts';
import { plan } from './cli/plan/plan.command.ts';
import { profiles } from './cli/profiles/profiles.command.ts';
import { publish } from './cli/publish/publish.command.ts';
import { push } from './cli/push/push.command.ts';
import { release } from './cli/release/release.command.ts';
import { restart } from './cli/restart/restart.command.ts';
import { restore } from './cli/restore/restore.command.ts';
import { rollback } from './cli/rollback/rollback.command.ts';
import { runCommand } from './cli/run.ts';
import { secrets } from './cli/secrets/secrets.command.ts';
import { services } from './cli/services/services.command.ts';
import { sql } from './cli/sql/sql.command.ts';
import { status } from './cli/status/status.command.ts';
import { tag } from './cli/tag/tag.command.ts';
import { token } from './cli/token/token.command.ts';
import { top } from './cli/top/top.command.ts';
import { trace } from './cli/trace/trace.command.ts';
import { up } from './cli/up/up.command.ts';
import { upgrade } from './cli/upgrade/upgrade.command.ts';
import { validate } from './cli/validate/validate.command.ts';
import { verify } from './cli/verify/verify.command.ts';
import { voice } from './cli/voice/voice.command.ts';
import { exitStatus } from './core/errors.ts';
import { type ArcEvent, startedEvent } from './core/event.ts';
import { version } from './version.ts';

/** The command table, in the order of `arc --help`. */
const commands: ReadonlyMap<string, CommandRegistration> = new Map(
  Object.entries({
    up,
    down,
    restart,
    status,
    top,
    health,
    logs,
    metrics,
    panels,
    trace,
    voice,
    exec,
    plan,
    drift,
    validate,
    generate,
    services,
    profiles,
    graph,
    explain,
    images,
    build,
    tag,
    push,
    publish,
    release,
    verify,
    rollback,
    contract,
    agents,
    sql,
    backup,
    restore,
    upgrade,
    secrets,
    ca,
    hosts,
    token,
    doctor,
    init,
    clean,
    nuke,
    completion,
  }),
);

// A reader that goes away (`arc up --help | head -1`) is not an error.
const onGone = (): void => {};
const out = standardStream({ descriptor: 1, open: () => process.stdout, onGone });
const err = standardStream({ descriptor: 2, open: () => process.stderr, onGone });

/**
 * Builds the command line.
 *
 * @param words what was typed: where it begins with a command, only that one is built, because all of them would cost
 *   every start some time
 */
function program(words: readonly string[]): Command {
  const root = new Command('arc')
    .description('Boots, checks and operates a realtime voice and video stack from declarative manifests.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .showSuggestionAfterError(true)
    .configureHelp({ optionDescription })
    .configureOutput({
      writeOut: out.write,
      writeErr: err.write,
      outputError: (text, write) => {
        const said = text.replace(/^error: /, '').trim();
        if (process.argv.includes('--json')) {
          const events = [startedEvent(commandName(words)), usageError(said)];
          out.write(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
        } else write(`error[usage] ${said}\n`);
      },
    })
    .enablePositionalOptions()
    .exitOverride();
  const named = commands.get(words[0] ?? '');
  for (const register of named === undefined ? commands.values() : [named]) {
    register(root, (load, options, globals) => runCommand({ load, options, globals }));
  }
  for (const option of globalOptions()) root.addOption(option);
  for (const command of root.commands) acceptGlobals(command, root);
  return root;
}

/** Commander says what is wrong in the first line, and what may be meant in the second. */
function usageError(said: string): ArcEvent {
  const [message = '', suggestion] = said.split('\n');
  return {
    type: 'error',
    problem: { code: 'usage', message, ...(suggestion === undefined ? {} : { suggestion }) },
  };
}

function globalOptions(): Option[] {
  return [
    new Option('--json', 'one JSON object a line on standard output (docs/events.md)'),
    new Option('-q, --quiet', 'no progress and no warnings, only the answer and errors'),
    new Option('--debug', 'stack traces with errors'),
    new Option('--no-color', 'no colour (also: NO_COLOR)'),
    new Option('-C, --directory <dir>', 'run as if called in <dir>'),
  ];
}

/** A flag that may be repeated begins with an empty list, which is no default that anybody has to know. */
function optionDescription(option: Option): string {
  const { defaultValue } = option;
  const isEmptyList = Array.isArray(defaultValue) && defaultValue.length === 0;
  return isEmptyList ? option.description : new Help().optionDescription(option);
}

/** Global options may also stand behind the command, where people write them; only `arc --help` lists them. */
function acceptGlobals(command: Command, root: Command): void {
  for (const option of globalOptions()) {
    command.addOption(option.hideHelp());
    command.on(`option:${option.name()}`, (value: string | null) => {
      root.setOptionValue(option.attributeName(), option.negate ? false : (value ?? true));
    });
  }
  for (const inner of command.commands) acceptGlobals(inner, root);
}

// Deprecations are for those who write the libraries, and not for those who type commands.
process.noDeprecation = true;
program(process.argv.slice(2))
  .parseAsync(process.argv)
  .catch((error: unknown) => {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has printed what it has to say. Help and version are no errors.
    process.exitCode = error.exitCode === 0 ? exitStatus.done : exitStatus.invalid;
  });
