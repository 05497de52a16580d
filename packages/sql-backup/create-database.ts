import type { Client } from 'pg';
import type { Creation } from './manifest.ts';

const providers = { b: 'builtin', c: 'libc', i: 'icu' } as const;

/** What names and texts are quoted with. */
type Quoting = Pick<Client, 'escapeIdentifier' | 'escapeLiteral'>;

/**
 * The statements that create an empty database as one was created before. Pure.
 *
 * @param options.name of the new one
 */
export function creationStatements(options: {
  name: string;
  creation: Creation;
  quote: Quoting;
}): readonly string[] {
  const { creation, quote } = options;
  const name = quote.escapeIdentifier(options.name);
  const { owner, encoding, localeProvider, collate, ctype, locale, settings, grants } = creation;
  const ofProvider =
    locale === undefined
      ? ''
      : ` ${localeProvider === 'i' ? 'ICU_LOCALE' : 'BUILTIN_LOCALE'} ${quote.escapeLiteral(locale)}`;
  const create =
    `CREATE DATABASE ${name} OWNER ${quote.escapeIdentifier(owner)} TEMPLATE template0` +
    ` ENCODING ${quote.escapeLiteral(encoding)} LOCALE_PROVIDER ${providers[localeProvider]}` +
    ` LC_COLLATE ${quote.escapeLiteral(collate)} LC_CTYPE ${quote.escapeLiteral(ctype)}${ofProvider}`;
  const sets = settings.map((setting) => {
    const at = setting.indexOf('=');
    const value = setting.slice(at + 1);
    // A list such as search_path is kept as it was written, with its own quotes.
    const written = listSettings.has(setting.slice(0, at)) ? value : quote.escapeLiteral(value);
    return `ALTER DATABASE ${name} SET ${quote.escapeIdentifier(setting.slice(0, at))} TO ${written}`;
  });
  const owned = grants.filter(({ grantee }) => grantee !== owner);
  const granted = owned.map(
    ({ grantee, privilege, grantable }) =>
      `GRANT ${privilege} ON DATABASE ${name} TO ${grantee === '' ? 'PUBLIC' : quote.escapeIdentifier(grantee)}${grantable ? ' WITH GRANT OPTION' : ''}`,
  );
  return [create, ...sets, `REVOKE ALL ON DATABASE ${name} FROM PUBLIC`, ...granted];
}

/** Settings whose value is a list of names. */
const listSettings = new Set([
  'search_path',
  'temp_tablespaces',
  'local_preload_libraries',
  'session_preload_libraries',
  'shared_preload_libraries',
  'DateStyle',
]);
