import Docker from 'dockerode';
import { EgressClient, IngressClient } from 'livekit-server-sdk';
import { devLivekit } from '../support/rooms.ts';

/** What one number of streams at once does to a worker. */
export type Load = {
  streams: number;
  /** Pictures that were lost. */
  missing: number;
  /** Of all streams, in percent of one core. */
  cpuPercent: number;
  /** From the request until the API says that it is active, in milliseconds. */
  toActive: number;
  /** By how many milliseconds each beep came after its flash. */
  apart: readonly number[];
};

/** How long each load is watched. */
export const measuredSeconds = 6;

export const livekitUrl = 'ws://127.0.0.1:7880';
const access = ['http://127.0.0.1:7880', devLivekit.apiKey, devLivekit.apiSecret] as const;
export const ingresses = new IngressClient(...access);
export const egresses = new EgressClient(...access);

/** @returns asked later, how many percent of one core a container has used meanwhile */
export async function cpuOf(name: string): Promise<() => Promise<number>> {
  const container = new Docker().getContainer(name);
  const used = async (): Promise<number> =>
    (await container.stats({ stream: false, 'one-shot': true })).cpu_stats.cpu_usage.total_usage;
  const [before, began] = [await used(), performance.now()];
  return async () => ((await used()) - before) / 1e4 / (performance.now() - began);
}
