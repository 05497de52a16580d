import { hostFor, type PortName, type SocketAddress } from '../core/socket-address.ts';
import type { BootableStack } from './model.ts';

/**
 * The address at which a person on the Engine's machine reaches a port, for output. arc's own requests use the
 * platform's `reach`.
 *
 * @param options.machine address of the Engine's machine, where that is another one: a port that is bound to every
 *   address is reached there
 * @returns undefined if the port is not published
 */
export function publishedAddress(options: {
  stack: Pick<BootableStack, 'containers'>;
  at: PortName;
  machine?: string | undefined;
}): SocketAddress | undefined {
  const { stack, at, machine } = options;
  const container = stack.containers.find(({ role }) => role === at.role);
  const port = container?.ports.find(({ name }) => name === at.port);
  if (port === undefined) return undefined;
  const { bind } = port;
  const isForAll = bind === '0.0.0.0' || bind === '::';
  return { host: isForAll && machine !== undefined ? machine : hostFor(bind), port: port.host.first };
}
