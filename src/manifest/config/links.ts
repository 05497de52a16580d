import type { Problem } from '../../core/errors.ts';
import { both, either } from '../words.ts';
import { type Address, isOwnHost, parseAddress, speaksTls } from './address.ts';
import { at, type CheckedConfig, type ConfigContext, correction } from './context.ts';
import type { Link } from './facts.ts';
import { hostProblem } from './hosts.ts';

/** URLs that are none, that lead nowhere, or to a port that does not speak their protocol. */
export function checkLinks(context: ConfigContext): readonly Problem[] {
  return context.configs.flatMap((config) =>
    config.facts.links.flatMap((link) => {
      const problem = check({ context, config, link });
      return problem === undefined ? [] : [{ ...problem, location: config.source.locate(link.offset) }];
    }),
  );
}

/** Fields that are there without the one that they need. */
export function checkGaps(context: ConfigContext): readonly Problem[] {
  return context.configs.flatMap((config) =>
    config.facts.gaps.map(({ field, missing, offset }) => ({
      code: 'missing-field',
      message: `\`${field}\` needs \`${missing}\` beside it, which has no value.`,
      suggestion: correction(config),
      location: config.source.locate(offset),
    })),
  );
}

function check(options: { context: ConfigContext; config: CheckedConfig; link: Link }): Problem | undefined {
  const { context, config, link } = options;
  const { field, schemes } = link;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(link.value)?.[1]?.toLowerCase();
  if (scheme === undefined || !schemes.includes(scheme)) {
    return {
      code: 'bad-address',
      message: `\`${field}\` is not an address that begins with ${either(schemes.map((known) => `${known}://`))}.`,
      suggestion: `write ${schemes[0]}://host:port`,
    };
  }
  const address = parseAddress(link.value);
  if (address === undefined || address.port > 65_535 || !URL.canParse(link.value)) {
    return {
      code: 'bad-address',
      message: `\`${field}\` names no host and port that can be reached.`,
      suggestion: `write ${scheme}://host:port, with two slashes before the host`,
    };
  }
  if (link.told) return unpublished({ context, link, address });
  return (
    hostProblem({ context, config, field, address }) ?? wrongProtocol({ context, field, address, scheme })
  );
}

/** A URL for clients leads to this machine, so it must name one of the published ports. */
function unpublished(options: { context: ConfigContext; link: Link; address: Address }): Problem | undefined {
  const { context, link, address } = options;
  if (!isOwnHost(address.host)) return undefined;
  const published = [...context.containers.values()].flatMap(({ ports }) =>
    ports.filter(({ protocol }) => protocol === 'tcp'),
  );
  if (published.some(({ host }) => host.first <= address.port && address.port <= host.last)) return undefined;
  return {
    code: 'address-mismatch',
    message: `\`${link.field}\` leads clients to port ${address.port} of this machine, which no container publishes.`,
    suggestion: `TCP ports that are published: ${both(published.map(({ host, name }) => `${name} ${host.first}`))}`,
  };
}

/** TLS if the port has none, or none if the port has it. */
function wrongProtocol(options: {
  context: ConfigContext;
  field: string;
  address: Address;
  scheme: string;
}): Problem | undefined {
  const { context, field, address, scheme } = options;
  const port = context.containers
    .get(address.host)
    ?.ports.find(
      ({ protocol, container }) =>
        protocol === 'tcp' && container.first <= address.port && address.port <= container.last,
    );
  if (port === undefined || port.tls === speaksTls(scheme)) return undefined;
  const leads = `\`${field}\` leads to ${address.host}:${address.port} with ${scheme}://`;
  const place = `(${at(port.location)})`;
  return port.tls
    ? {
        code: 'address-mismatch',
        message: `${leads}, but the port ${port.name} speaks TLS ${place}.`,
        suggestion: `write ${scheme}s://${address.host}:${address.port}`,
      }
    : {
        code: 'address-mismatch',
        message: `${leads}, but the port ${port.name} does not speak TLS ${place}.`,
        suggestion: `write ${scheme.replace(/s$/, '')}://${address.host}:${address.port}; a port that speaks TLS by itself has \`tls: true\` in its manifest`,
      };
}
