import { describe, expect, it } from 'vitest';
import { readStreamHealth } from './stream-health.ts';

/** As NATS 2.15.1 answers for a stream whose disk failed with this. */
const broken = (reason: string) => ({
  type: 'STREAM',
  account: 'ARC',
  stream: 'agent-events',
  error: `JetStream stream 'ARC > agent-events' write error: ${reason}`,
});
const unavailable = (...errors: readonly object[]) => ({
  status: 503,
  text: JSON.stringify({ status: 'error', status_code: 503, errors }),
});
const full = 'write /data/jetstream/ARC/streams/agent-events/msgs/1.blk: no space left on device';

describe('what NATS says of its streams', () => {
  it('is right while none has failed to write', () => {
    const text = JSON.stringify({ status: 'ok', status_code: 200 });
    expect(readStreamHealth({ status: 200, text })).toEqual({ ok: true, came: 'every stream can write' });
  });

  it('names the stream, the full disk and what to do', () => {
    expect(readStreamHealth(unavailable(broken(full)))).toEqual({
      ok: false,
      came: 'stream agent-events cannot write: no space left on device; make room on the disk of the Engine, and it goes on by itself',
    });
  });

  it('counts further streams', () => {
    expect(readStreamHealth(unavailable(broken(full), broken(full))).came).toContain(
      'stream agent-events cannot write, and 1 more: no space left',
    );
  });

  it('promises nothing where the disk itself is broken', () => {
    const { came } = readStreamHealth(unavailable(broken('sync /data/x.blk: input/output error')));
    expect(came).toBe(
      'stream agent-events cannot write: input/output error; see arc logs, and start the server again once its disk is right',
    );
  });

  it.each([
    [{ error: "JetStream stream 'ARC > agent-events' could not be recovered", stream: 'agent-events' }],
    [{ error: 'JetStream is not enabled' }],
  ])('repeats what is no failure to write: %j', (error) => {
    expect(readStreamHealth(unavailable(error))).toEqual({ ok: false, came: error.error });
  });

  it.each([
    [{ status: 503, text: '' }, '503, and no JSON'],
    [{ status: 503, text: '{"status":"unavailable","error":"shutting down"}' }, 'shutting down'],
    [{ status: 404, text: '{}' }, '404'],
  ])('fails where it says nothing of streams: %j', (answer, came) => {
    expect(readStreamHealth(answer)).toEqual({ ok: false, came });
  });
});
