import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type News, readNews } from './news.ts';

/** What this file needs of the framework's pool: it is not among its exports. */
type Pool = {
  processes: Executor[];
  launchJob: (info: { job: { id: string } }) => Promise<void>;
  getByJobId: (id: string) => Executor | null;
};
type Executor = { join: () => Promise<void>; proc: Pick<ChildProcess, 'on'> };

/**
 * Tells when a conversation's process starts and ends, which the framework tells nobody, and what it tells meanwhile.
 * Without spare processes the framework keeps each process in its list after it ended, and counts its conversation for
 * ever (`ProcPool.launchJob` of @livekit/agents 1.9.0): this takes it out of the list as well.
 *
 * @param options.onStart told the conversation's job
 * @param options.onEnd the same, also where it could not start
 * @param options.onNews what a conversation has told
 * @throws Error where the framework's pool is not what it was: another version needs another look
 */
export async function followProcesses(options: {
  onStart: (job: string) => void;
  onEnd: (job: string) => void;
  onNews: (news: News) => void;
}): Promise<void> {
  const file = new URL('ipc/proc_pool.js', import.meta.resolve('@livekit/agents'));
  const { ProcPool } = (await import(fileURLToPath(file))) as { ProcPool?: { prototype: Pool } };
  const pool = ProcPool?.prototype;
  if (typeof pool?.launchJob !== 'function' || typeof pool.getByJobId !== 'function')
    throw new Error('The pool of processes of @livekit/agents has changed.');
  const launch = pool.launchJob;
  pool.launchJob = async function (this: Pool, info) {
    options.onStart(info.job.id);
    try {
      await launch.call(this, info);
    } catch (cause) {
      options.onEnd(info.job.id);
      throw cause;
    }
    const process = this.getByJobId(info.job.id);
    process?.proc.on('message', (message) => {
      const news = readNews(message);
      if (news !== undefined) options.onNews(news);
    });
    void process?.join().then(() => {
      const index = this.processes.indexOf(process);
      if (index !== -1) this.processes.splice(index, 1);
      options.onEnd(info.job.id);
    });
  };
}
