import { createCipheriv, randomBytes } from 'node:crypto';
import type { Data } from '../core/data.ts';
import type { Message, Personal } from './model.ts';
import { stepsOf } from './pointer.ts';

/** The key of a user: 32 bytes, for AES-256-GCM. */
export type UserKey = { id: string; key: Uint8Array };

/** The user whose key personal fields are encrypted with; undefined where the body names none. */
export function userOf(options: { personal: Personal; body: Data }): string | undefined {
  let value: Data | undefined = options.body;
  for (const step of stepsOf(options.personal.user)) value = fieldsIn(value)?.[step];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * A body with its personal fields encrypted, as the generated clients do it and read it
 * (packages/contracts/typescript/seal.ts has the format).
 *
 * @param options.user as {@link userOf} gives it
 */
export function sealBody(options: {
  message: Pick<Message, 'name'> & { personal: Personal };
  body: Data;
  user: string;
  key: UserKey;
}): Data {
  const { message, body, user, key } = options;
  const seal = (path: string, value: Data): Data =>
    sealText({ text: String(value), key, belongsTo: [message.name, path, user] });
  return message.personal.fields.reduce<Data>(
    (value, pointer) => replaceAt({ value, steps: stepsOf(pointer), path: '', replace: seal }),
    body,
  );
}

/** `arc:sealed:v1:<key id>:<base64url>` of nonce, encrypted text and tag. What is authenticated beside it is its place. */
function sealText(options: { text: string; key: UserKey; belongsTo: readonly string[] }): string {
  const { text, key, belongsTo } = options;
  const nonce = randomBytes(12);
  const sealing = createCipheriv('aes-256-gcm', key.key, nonce).setAAD(
    Buffer.from(JSON.stringify(belongsTo), 'utf8'),
  );
  const sealed = Buffer.concat([nonce, sealing.update(text, 'utf8'), sealing.final(), sealing.getAuthTag()]);
  return `arc:sealed:v1:${key.id}:${sealed.toString('base64url')}`;
}

/** A copy in which what the steps lead to is replaced; `*` is every item of a list. What is not there stays away. */
function replaceAt(options: {
  value: Data;
  steps: readonly string[];
  path: string;
  replace: (path: string, value: Data) => Data;
}): Data {
  const { value, steps, path, replace } = options;
  const [step, ...rest] = steps;
  if (step === undefined) return replace(path, value);
  const inside = (inner: Data, name: string | number): Data =>
    replaceAt({ value: inner, steps: rest, path: `${path}/${name}`, replace });
  if (Array.isArray(value)) return step === '*' ? value.map(inside) : value;
  const fields = fieldsIn(value);
  const inner = fields?.[step];
  return inner === undefined ? value : { ...fields, [step]: inside(inner, step) };
}

function fieldsIn(value: Data | undefined): { readonly [name: string]: Data } | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [name: string]: Data })
    : undefined;
}
