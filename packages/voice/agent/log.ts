/** Writes one line of JSON. Each conversation has a process of its own, which `arc agents logs` knows its lines by. */
export function log(
  level: 'debug' | 'info' | 'error',
  message: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  if (level === 'debug' && process.env.AGENT_LOG_LEVEL !== 'debug') return;
  const line = { time: new Date().toISOString(), level, pid: process.pid, message, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
