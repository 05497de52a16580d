import type { Fields } from '../core/data.ts';
import type { ProbeKind } from '../core/probes/probe.ts';
import type { PortName, Reach, SocketAddress } from '../core/socket-address.ts';
import type { Loss } from '../core/step.ts';
import type { InsideKind } from './inside-kind.ts';

/**
 * All that arc knows of one technology, in a folder of its own. `src/app/providers.ts` lists them; no other file names
 * one, and none names another. What takes long to load is imported when it is called.
 */
export type Provider = {
  /** Name of its folder: `livekit`. */
  name: string;
  /** How it is asked. A container with a probe or check of this kind is a server of the technology. */
  probe: ProbeKind;
  /** What manifests can provision inside its servers. */
  inside?: readonly InsideKind[];
  /** What people would miss, asked of a server that runs. One that does not answer in time has nothing to lose. */
  losses?: (question: LossQuestion) => Promise<readonly ServerLoss[]>;
  /** Ends what is live, so that everybody in it is told, and the server can stop. Called once there is consent. */
  endLive?: (question: LossQuestion) => Promise<void>;
  /** What a developer needs to know of a server that is ready. Pure. */
  answer?: (given: { server: Server; address: SocketAddress | undefined; program: string }) => ServerAnswer;
  /** Lets a client into a server. */
  token?: (given: {
    server: Server;
    address: SocketAddress | undefined;
    grant: Grant;
  }) => Promise<ClientToken>;
  /** Where to look when one of its checks fails, beyond what the answer says; nothing where that is all. Pure. */
  hint?: (given: { fields: Fields; container: CheckedContainer }) => string | undefined;
  /** What the kernel has to give it. */
  udpBuffers?: UdpBuffers;
};

/** What of a container says how others get to it. */
export type CheckedContainer = {
  environment: Readonly<Record<string, string>>;
  ports: readonly { protocol: 'tcp' | 'udp'; host: { first: number; last: number } }[];
};

/** A container that is asked with probes of a provider. */
export type Server = {
  role: string;
  /** Of the container. */
  name: string;
  /** Those of readiness and those of checks. */
  probes: readonly [ServerProbe, ...ServerProbe[]];
};

/** `needs`: the roles that a check is about besides its server. Readiness has none. */
export type ServerProbe = { at: PortName; fields: Fields; needs: readonly string[] };

/** What is about to happen to the containers of a stack, by role. */
export type LossQuestion = {
  server: Server;
  stops: ReadonlySet<string>;
  /** Those whose data is removed. */
  removes: ReadonlySet<string>;
  reach: Reach;
  signal: AbortSignal;
};

/** `role`: the container that loses it. */
export type ServerLoss = Loss & { role: string };

/** `data` is for programs, `lines` are for people: what it is, and a value to copy. */
export type ServerAnswer = {
  data: Readonly<Record<string, string | null>>;
  lines: readonly (readonly [label: string, value: string])[];
};

/** What the holder of a token may do. `seconds`: for how long. */
export type Grant = { room: string; identity: string; seconds: number; publish: boolean; admin: boolean };

/** `url` is null where no client gets there. */
export type ClientToken = { url: string | null; token: string };

/** Bytes of `net.core.rmem_max`. */
export type UdpBuffers = {
  /** Below this, `consequence`. */
  least: number;
  advised: number;
  /** `LiveKit loses packets under load`. */
  consequence: string;
};
