import { randomBytes } from 'node:crypto';
import { confirm } from '../../app/consent.ts';
import { exitStatus, type Problem } from '../../core/errors.ts';
import { throwIfAny } from '../../stack/problems.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import { generateSecrets, type MadeSecrets, rotateSecrets as rotate } from '../../workspace/make-secrets.ts';
import { declaredSecrets, readSecrets } from '../../workspace/secrets.ts';
import { readSecretsFile, secretsFile, writeSecretsFile } from '../../workspace/secrets-file.ts';
import type { Cli, Handler } from '../cli.ts';
import { formatTable } from '../output/table.ts';

/** Names, sources and purposes; never a value. */
export const listSecrets: Handler<object> = async (_, cli) => {
  const { root, manifests } = await loadWorkspace({ cwd: cli.cwd });
  const { sources, warnings, problems } = readSecrets({ root, manifests, environment: cli.environment });
  throwIfAny(problems);
  for (const problem of warnings) cli.emit({ type: 'warning', problem });
  const secrets = Array.from(declaredSecrets(manifests), ([name, { env, description }]) => ({
    name,
    env,
    source: sources.get(name) ?? 'development',
    description,
  }));
  cli.result({
    data: { secrets, file: secretsFile },
    text: () =>
      formatTable({
        headings: ['SECRET', 'FROM', 'VARIABLE', 'DESCRIPTION'],
        rows: secrets.map(({ name, source, env, description }) => [name, source, env, description]),
        columns: cli.columns,
      }),
  });
  return exitStatus.done;
};

export const makeSecrets: Handler<object> = async (_, cli) => {
  const { root, manifests } = await loadWorkspace({ cwd: cli.cwd });
  const file = readSecretsFile({ root });
  throwIfAny(file.problems);
  const existing = new Set(file.entries.keys());
  await keep({ cli, root, made: generateSecrets({ manifests, existing, random: randomBytes }) });
  return exitStatus.done;
};

export const rotateSecrets: Handler<{ names: readonly string[]; yes?: boolean }> = async (options, cli) => {
  const { root, manifests } = await loadWorkspace({ cwd: cli.cwd });
  // Checked before any question.
  throwIfAny(readSecretsFile({ root }).problems);
  const made = rotate({ manifests, names: options.names, random: randomBytes });
  await confirm({
    context: cli,
    question: `Replace ${made.made.join(', ')}? Tokens and clients that use the old values stop working.`,
    flag: '--yes',
    given: options.yes === true,
  });
  await keep({ cli, root, made });
  return exitStatus.done;
};

async function keep(options: { cli: Cli; root: string; made: MadeSecrets }): Promise<void> {
  const { cli, root, made } = options;
  if (made.made.length > 0) writeSecretsFile({ root, values: made.values });
  for (const name of made.values.keys()) {
    if ((cli.environment[name] ?? '') !== '') cli.emit({ type: 'warning', problem: overridden(name) });
  }
  cli.result({
    data: { made: made.made, file: secretsFile },
    text: () =>
      made.made.length === 0
        ? `Every secret has a value in ${secretsFile} already; \`arc secrets rotate\` creates new ones.`
        : `Created ${made.made.join(', ')} in ${secretsFile}. \`arc up\` recreates what uses them.`,
  });
}

function overridden(name: string): Problem {
  return {
    code: 'secret-overridden',
    message: `${name} is also set in the environment, which wins over ${secretsFile}.`,
    suggestion: `unset ${name}, so that the new value is used`,
  };
}
