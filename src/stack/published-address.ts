import { hostFor, type PortName, type SocketAddress } from '../core/socket-address.ts';
import type { ResolvedStack } from './model.ts';

/**
 * The address at which a person on the Engine's machine reaches a port, for what is printed or handed out. What arc
 * asks itself goes by the platform's `reach`.
 *
 * @returns nothing where the port is not published
 */
export function publishedAddress(options: {
  stack: Pick<ResolvedStack, 'containers'>;
  at: PortName;
}): SocketAddress | undefined {
  const { stack, at } = options;
  const container = stack.containers.find(({ role }) => role === at.role);
  const port = container?.ports.find(({ name }) => name === at.port);
  return port && { host: hostFor(port.bind), port: port.host.first };
}
