import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Contract } from './contract.ts';
import type { Keys, UserKey } from './keys.ts';
import { replaceAt, valueAt } from './pointer.ts';
import { ContractError } from './problem.ts';

// An encrypted field is a text: `arc:sealed:v1:<key id>:<base64url>`, of 12 bytes nonce, the encrypted
// UTF-8 of the field's text, and 16 bytes tag (AES-256-GCM). What is authenticated beside it, is where it belongs: message, field and user.

const mark = 'arc:sealed:v1:';
const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Whether a value is an encrypted field. */
export function isSealed(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(mark);
}

/** The text that takes the place of a field's. @param options.nonce random unless a test gives one */
export function sealText(options: {
  text: string;
  key: UserKey;
  context: Uint8Array;
  nonce?: Uint8Array;
}): string {
  const { text, key, context, nonce = randomBytes(nonceBytes) } = options;
  const sealing = createCipheriv(cipher, key.key, nonce).setAAD(context);
  const body = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()]);
  return `${mark}${key.id}:${Buffer.concat([nonce, body, sealing.getAuthTag()]).toString('base64url')}`;
}

/**
 * The text that was encrypted; undefined where its key is destroyed.
 *
 * @throws Error where the text or its place was changed
 */
export async function openText(options: {
  text: string;
  keys: Keys;
  context: Uint8Array;
}): Promise<string | undefined> {
  const { text, keys, context } = options;
  const [id = '', encoded = ''] = text.slice(mark.length).split(':');
  const bytes = Buffer.from(encoded, 'base64url');
  if (bytes.length < nonceBytes + tagBytes) throw new Error('it is cut off');
  const key = await keys.byId(id);
  if (key === undefined) return undefined;
  const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  opening.setAAD(context).setAuthTag(bytes.subarray(-tagBytes));
  const body = bytes.subarray(nonceBytes, -tagBytes);
  return Buffer.concat([opening.update(body), opening.final()]).toString('utf8');
}

/** What is authenticated with a field, so that it is worth nothing in another place. */
export function sealContext(options: { contract: string; path: string; user: string }): Uint8Array {
  const { contract, path, user } = options;
  return Buffer.from(JSON.stringify([contract, path, user]), 'utf8');
}

/** The data with its personal fields encrypted. @throws ContractError `no-keys`, `invalid` without a user */
export async function sealPersonal<Data extends object>(options: {
  contract: Contract<Data, object>;
  data: Data;
  keys: Keys | undefined;
}): Promise<Data> {
  const { contract, data, keys } = options;
  const { name, personal } = contract;
  if (personal === undefined) return data;
  if (keys === undefined) {
    throw new ContractError({
      code: 'no-keys',
      contract: name,
      message: 'it has personal fields, which need keys',
    });
  }
  const user = valueAt(data, personal.user);
  if (typeof user !== 'string' || user === '') {
    throw new ContractError({
      code: 'invalid',
      contract: name,
      path: personal.user,
      message: 'it names no user',
    });
  }
  const key = await keys.ofUser(user);
  return replaceAt({
    value: data,
    pointers: personal.fields,
    replace: async (path, value) =>
      sealText({ text: String(value), key, context: sealContext({ contract: name, path, user }) }),
  });
}

/**
 * The data with its personal fields decrypted, as far as there are keys.
 *
 * @returns `unreadable`: JSON pointers of the fields that stay encrypted
 * @throws ContractError `damaged`
 */
export async function openPersonal(options: {
  contract: Contract<object, object>;
  data: unknown;
  keys: Keys | undefined;
}): Promise<{ data: unknown; unreadable: readonly string[] }> {
  const { contract, data, keys } = options;
  const { name, personal } = contract;
  if (personal === undefined) return { data, unreadable: [] };
  const user = valueAt(data, personal.user);
  const unreadable: string[] = [];
  const opened = await replaceAt({
    value: data,
    pointers: personal.fields,
    replace: async (path, value) => {
      if (!isSealed(value)) return value;
      const context = sealContext({ contract: name, path, user: String(user) });
      const found = keys && (await openOrExplain({ text: value, keys, context, contract: name, path }));
      if (found !== undefined) return found;
      unreadable.push(path);
      return value;
    },
  });
  return { data: opened, unreadable };
}

async function openOrExplain(options: Parameters<typeof openText>[0] & { contract: string; path: string }) {
  const { contract, path, keys } = options;
  let asking: unknown;
  const asked: Keys = {
    ...keys,
    byId: (id) =>
      keys.byId(id).catch((error: unknown) => {
        asking = error;
        throw error;
      }),
  };
  try {
    return await openText({ ...options, keys: asked });
  } catch (error) {
    // Keys that could not be read are not the message's fault.
    if (asking !== undefined) throw asking;
    throw new ContractError({
      code: 'damaged',
      contract,
      path,
      message: 'it was changed after it was encrypted',
      cause: error,
    });
  }
}
