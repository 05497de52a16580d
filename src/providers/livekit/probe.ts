import { type Address, origin } from '../../core/address.ts';
import { ask, type Reply } from '../../core/probes/ask.ts';
import type { PortProber } from '../../core/probes/probe.ts';
import type { Probe } from '../../stack/model.ts';
import { answersApi, refusesWrongSignature } from './api.ts';
import { media } from './media.ts';
import { keepsState } from './state.ts';
import { egressAnswers, ingressAnswers } from './workers.ts';

export type LivekitProbe = Extract<Probe, { kind: 'livekit' }>;

/** One aspect of a LiveKit server: what it is called, and how it is looked at. */
export type Aspect = {
  question: string;
  run: (options: {
    probe: LivekitProbe;
    address: Address;
    timeoutMilliseconds: number;
    signal: AbortSignal;
  }) => Promise<Reply>;
};

const aspects: Record<LivekitProbe['aspect'], Aspect> = {
  api: { question: 'signed call to', run: answersApi },
  refusal: { question: 'wrongly signed call to', run: refusesWrongSignature },
  state: { question: 'room through the cache of', run: keepsState },
  ingress: { question: 'ingress worker through', run: ingressAnswers },
  egress: { question: 'egress worker through', run: egressAnswers },
  media: { question: 'audio between two participants of', run: media },
};

/** Deep checks of a LiveKit server, all of them through its own API, as a user's program would ask. */
export const livekitProber: PortProber<LivekitProbe> = ({ probe, address, timeoutMilliseconds, signal }) => {
  const { question, run } = aspects[probe.aspect];
  return ask({
    question: `${question} ${origin(address)}`,
    timeoutMilliseconds,
    signal,
    run: (over) => run({ probe, address, timeoutMilliseconds, signal: over }),
  });
};
