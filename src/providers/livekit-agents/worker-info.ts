import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { origin } from '../../core/socket-address.ts';
import type { WorkerInfo, WorkerTools } from '../agents.ts';

/** Asks `GET /worker`, which the framework answers in each of its languages (livekit/agents, http_server). */
export const workerInfo: WorkerTools['info'] = async ({ address, signal }) => {
  const { status, body } = await get({ ...address, signal });
  const info = status === 200 ? readInfo(body) : undefined;
  if (info === undefined)
    throw new Error(`GET ${origin(address)}/worker: ${status}, expected a worker's answer`);
  return info;
};

/** @returns undefined where the text is not what a worker says of itself */
export function readInfo(body: string): WorkerInfo | undefined {
  try {
    const {
      agent_name: name,
      active_jobs: conversations,
      sdk_version: sdk,
    } = JSON.parse(body) as Record<string, unknown>;
    if (typeof name !== 'string' || typeof conversations !== 'number') return undefined;
    return { name, conversations, sdk: typeof sdk === 'string' ? sdk : '' };
  } catch {
    return undefined;
  }
}

async function get(options: {
  host: string;
  port: number;
  signal: AbortSignal;
}): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  request({ ...options, path: '/worker', agent: false }, (response) => {
    text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
  })
    .on('error', reject)
    .end();
  return await promise;
}
