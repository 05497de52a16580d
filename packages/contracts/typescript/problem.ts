/**
 * - `invalid`: the data breaks the contract's schema
 * - `not-a-publisher`, `not-a-subscriber`: the contract does not name this role
 * - `no-channel`: the contract has no NATS subject, or no durable consumer for this role
 * - `no-keys`: it has personal fields, and the connection has no keys
 * - `damaged`: an encrypted field was changed after it was encrypted
 * - `handler`: the program's own code failed
 * - `refused`: whoever was asked answered with an error
 */
export type ProblemCode =
  | 'invalid'
  | 'not-a-publisher'
  | 'not-a-subscriber'
  | 'no-channel'
  | 'no-keys'
  | 'damaged'
  | 'handler'
  | 'refused';

/** What stands between a program and its message. It never holds a value of the message. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly code: ProblemCode;
  /** Name of the contract. */
  readonly contract: string;
  /** JSON pointer of the field; empty for the whole message. */
  readonly path: string;

  constructor(options: {
    code: ProblemCode;
    contract: string;
    path?: string;
    message: string;
    cause?: unknown;
  }) {
    const { code, contract, path = '', message, cause } = options;
    super(`${contract}${path === '' ? '' : ` ${path}`}: ${message}`, { cause });
    this.code = code;
    this.contract = contract;
    this.path = path;
  }
}
