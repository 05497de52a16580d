/** One line of JSON an event, as upstream's worker logs. Values never hold a token or a stream key. */
export type Log = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

export const jsonLog: Log = (event, fields = {}) => {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`);
};
