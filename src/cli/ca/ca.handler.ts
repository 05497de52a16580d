import { openAuthority, setTrust, type TrustStep, trustSteps } from '../../app/authority.ts';
import { confirm } from '../../app/consent.ts';
import { exitStatus } from '../../core/errors.ts';
import type { Handler } from '../cli.ts';

export const showAuthority: Handler<{ pem?: boolean }> = async ({ pem = false }, cli) => {
  const { project, domain, certificate, fingerprint, until } = await openAuthority({
    context: cli,
    keep: true,
  });
  const day = until.toISOString().slice(0, 10);
  cli.result({
    data: { project, domain, fingerprint, until: until.toISOString(), certificate },
    text: () =>
      pem
        ? certificate.trimEnd()
        : [
            `The authority of ${project} vouches for ${domain} and the names below it, until ${day}.`,
            `SHA-256  ${fingerprint}`,
            `Trust    ${cli.program} ca trust`,
            `Others   ${cli.program} ca show --pem`,
          ].join('\n'),
    isForPrograms: pem,
  });
  return exitStatus.done;
};

export const setTrustOf: Handler<{ yes?: boolean; dryRun?: boolean; trusted: boolean }> = async (
  options,
  cli,
) => {
  const { trusted, dryRun = false } = options;
  const authority = await openAuthority({ context: cli, keep: !dryRun });
  const { project, domain } = authority;
  if (dryRun) {
    const steps = trustSteps({ context: cli, authority, trusted });
    cli.result({ data: { trusted, dryRun: true, steps }, text: () => stepsText(steps, trusted) });
    return exitStatus.done;
  }
  await confirm({
    context: cli,
    question: trusted
      ? `Make this machine trust the authority of ${project}, for ${domain} and the names below it?`
      : `Make this machine no longer trust the authority of ${project}?`,
    flag: '--yes',
    given: options.yes === true,
  });
  const stores = await setTrust({ context: cli, authority, trusted });
  cli.result({
    data: { trusted, stores },
    text: () =>
      trusted
        ? `Trusted in ${stores.join(' and ')}. Restart browsers that are open; Firefox needs security.enterprise_roots.enabled in about:config.`
        : `No longer trusted in ${stores.join(' and ')}.`,
  });
  return exitStatus.done;
};

function stepsText(steps: readonly TrustStep[], trusted: boolean): string {
  if (steps.length === 0)
    return 'arc knows no store of certificates on this machine; nothing would be changed.';
  return steps
    .map(({ store, file, command, root }) =>
      [
        `In ${store}${root ? ', as root' : ''}, arc would`,
        ...(file === undefined ? [] : [`  ${trusted ? 'write' : 'remove'} ${file}`]),
        `  run ${command.join(' ')}`,
      ].join('\n'),
    )
    .join('\n');
}
