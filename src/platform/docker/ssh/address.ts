/** An Engine that is reached with the `ssh` program, as `ssh://ada@box:2222` names it. */
export type SshAddress = {
  /** A host name, an address, or an alias of ~/.ssh/config. */
  host: string;
  user?: string;
  port?: number;
  /** Path of the Engine's socket over there; where absent, the `docker` program there knows it. */
  socket?: string;
};

/**
 * Reads an `ssh://` address as the `docker` command does: `ssh://[user@]host[:port][/path/of/the/socket]`.
 *
 * @returns why it cannot be used, as words that follow the address, where it cannot
 */
export function readSshAddress(address: string): SshAddress | { wrong: string } {
  if (!URL.canParse(address)) return { wrong: 'is not a URL' };
  const url = new URL(address);
  if (url.password !== '') return { wrong: 'has a password in it; ssh takes none from an address' };
  if (url.search !== '' || url.hash !== '') return { wrong: 'has a query or a fragment' };
  const host = decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
  if (host === '') return { wrong: 'names no host' };
  // ssh would take it for an option.
  if (host.startsWith('-') || url.username.startsWith('-')) return { wrong: 'has a name that begins with -' };
  const socket = decodeURIComponent(url.pathname);
  return {
    host,
    ...(url.username === '' ? {} : { user: decodeURIComponent(url.username) }),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(socket === '' || socket === '/' ? {} : { socket }),
  };
}

/** Arguments of `ssh` that name the machine. */
export function destination({ host, user, port }: SshAddress): readonly string[] {
  return [
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...['--', host],
  ];
}

/** The command to log in there: `ssh -p 2222 ada@box`. */
export function sshCommand({ host, user, port }: SshAddress): string {
  const at = user === undefined ? host : `${user}@${host}`;
  return port === undefined ? `ssh ${at}` : `ssh -p ${port} ${at}`;
}

/** Connects to the Engine on the other machine; part of the `docker` program since 18.09. */
export function dialCommand({ socket }: SshAddress): readonly string[] {
  const host = socket === undefined ? [] : ['--host', quote(`unix://${socket}`)];
  return ['docker', ...host, 'system', 'dial-stdio'];
}

/** For the shell over there, which ssh gives the whole command as one line. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
