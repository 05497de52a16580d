/**
 * Address of the next page, from a Link header (RFC 8288): `</v2/a/b/tags/list?last=v1&n=100>; rel="next"`. Undefined
 * on the last page.
 *
 * @param header several links are joined by commas
 * @param from the address of this page
 */
export function nextPage(header: string | undefined, from: URL): URL | undefined {
  for (const [, target = '', parameters = ''] of (header ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    if (/;\s*rel\s*=\s*"?next\b/i.test(parameters)) return URL.parse(target, from.href) ?? undefined;
  }
  return undefined;
}
