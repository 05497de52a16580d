/** Variables that name a proxy. */
const proxyVariable = /^(?:https?|ftp|all)_proxy$/i;

/** Addresses of this machine, which no proxy can reach. */
const loopback = ['localhost', '127.0.0.1', '::1'];

/**
 * The environment without a proxy for this machine's own addresses, whatever else it says: published ports, an Engine,
 * a registry on loopback. For arc and the programs that it runs. Undefined if no proxy is set.
 */
export function loopbackPastProxies(
  environment: Readonly<Record<string, string | undefined>>,
): Record<'no_proxy' | 'NO_PROXY', string> | undefined {
  const named = Object.entries(environment).some(([name, value]) => value && proxyVariable.test(name));
  if (!named) return undefined;
  // Programs differ in which of the two they read.
  const past = (environment.no_proxy || environment.NO_PROXY || '').split(/[\s,]+/).filter(Boolean);
  const missing = past.includes('*') ? [] : loopback.filter((host) => !past.includes(host));
  const value = [...past, ...missing].join(',');
  return { no_proxy: value, NO_PROXY: value };
}

/** The environment without any proxy, for a program that ignores `NO_PROXY`. */
export function environmentWithoutProxies(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !proxyVariable.test(name)));
}
