import type { Reach } from '../core/socket-address.ts';
import type { Server } from './provider.ts';

export type ActivityQuestion = { server: Server; reach: Reach; signal: AbortSignal };

/** How much of what a container does now: `{ what: 'rooms', count: 2 }`, a plural in `what`. */
export type Activity = { role: string; counts: readonly { what: string; count: number }[] };
