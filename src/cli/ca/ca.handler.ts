import { openAuthority, setTrust } from '../../app/authority.ts';
import { confirm } from '../../app/consent.ts';
import { exitStatus } from '../../core/errors.ts';
import type { Handler } from '../cli.ts';

export const showAuthority: Handler<{ pem?: boolean }> = async ({ pem = false }, cli) => {
  const { project, domain, certificate, fingerprint, until } = await openAuthority(cli);
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

export const setTrustOf: Handler<{ yes?: boolean; trusted: boolean }> = async (options, cli) => {
  const { trusted } = options;
  const authority = await openAuthority(cli);
  const { project, domain } = authority;
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
