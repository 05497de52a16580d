import { hash } from 'node:crypto';
import type { Secret } from '../../../core/secret.ts';
import { type RoleAttributes, type RoleMark, type RoleSpec, roleFlags } from './model.ts';

/** The attributes of a role as people see them, by their names in a manifest. */
export function attributeTexts(role: RoleAttributes): ReadonlyMap<string, string> {
  const { connectionLimit, memberOf } = role;
  return new Map([
    ...roleFlags.map((flag) => [flag, role[flag] ? 'on' : 'off'] as const),
    ['connection_limit', connectionLimit < 0 ? 'none' : String(connectionLimit)],
    ['member_of', memberOf.length === 0 ? 'none' : memberOf.join(', ')],
  ]);
}

/** @param options.verifier what the server keeps of the password after this */
export function appliedOf(options: { spec: RoleSpec; verifier: Secret | undefined }): RoleMark['applied'] {
  const { spec, verifier } = options;
  const password =
    spec.password === undefined || verifier === undefined ? {} : { password: verifierHash(verifier) };
  return { ...Object.fromEntries(attributeTexts(spec)), ...password };
}

/** Tells whether the password was changed since arc set it. The verifier has a salt, so this says nothing of the password. */
export function verifierHash(verifier: Secret): string {
  return hash('sha256', verifier.reveal()).slice(0, 16);
}
