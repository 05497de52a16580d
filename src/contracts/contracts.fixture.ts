import { type Contracts, type Message, type Namespace, noContracts } from './model.ts';

const location = { file: 'contracts/shop.yaml', line: 1, column: 1 };

/** A message made by hand; whatever a test does not name is plain. */
export function message(options: Partial<Message> = {}): Message {
  return {
    name: 'order-placed',
    type: 'OrderPlaced',
    event: 'arc.shop.order-placed.v1',
    domain: 'shop',
    version: 1,
    description: 'Somebody orders.',
    publishers: [{ role: 'shop', external: false }],
    subscribers: [],
    nats: { subject: 'shop.cart.order.placed', dead: 'shop.dead.shop.cart.order.placed' },
    schema: {
      type: 'object',
      properties: { id: { type: 'string' } },
      required: ['id'],
      additionalProperties: false,
    },
    examples: [{ id: 'a' }],
    location,
    ...options,
  };
}

export function namespace(options: Partial<Namespace> = {}): Namespace {
  return {
    name: 'orders',
    domain: 'shop',
    tenant: 'arc',
    description: 'Orders.',
    compatibility: 'FULL',
    deduplication: true,
    location,
    ...options,
  };
}

export function contracts(
  messages: readonly Message[],
  namespaces: readonly Namespace[] = [namespace()],
): Contracts {
  const domain = {
    name: 'shop',
    owner: { role: 'shop', external: false },
    description: 'A shop.',
    observers: [],
    file: location.file,
    location,
  };
  return { ...noContracts, domains: [domain], messages, namespaces };
}
