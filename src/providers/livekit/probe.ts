import { type Fields, optionalText, textField } from '../../core/data.ts';
import { defined } from '../../core/defined.ts';
import { ask, type Reply } from '../../core/probes/ask.ts';
import type { ProbeKind, Question } from '../../core/probes/probe.ts';
import { origin, type PortName } from '../../core/socket-address.ts';
import { answersApi, refusesWrongSignature } from './api.ts';
import { join } from './join.ts';
import { media } from './media.ts';
import { type LivekitServer, livekitServer } from './server.ts';
import { keepsState } from './state.ts';
import { turn } from './turn.ts';
import { voice } from './voice/aspect.ts';
import { egressAnswers, ingressAnswers } from './workers.ts';

/** One aspect of a LiveKit server: what it is called, and how it is looked at. */
export type Aspect = {
  question: string;
  run: (options: {
    server: LivekitServer;
    /** Of the probe. */
    fields: Fields;
    timeoutMilliseconds: number;
    signal: AbortSignal;
    way?: Question['way'];
    /** The port that clients connect to first. */
    door?: PortName;
    /** The address that clients are given. */
    url?: string;
    /** Authorities that are believed beside those of this machine, as PEM. */
    believed: readonly string[];
  }) => Promise<Reply>;
};

/** By the values of `aspect` in probe.schema.json. */
const aspects = {
  api: { question: 'signed call to', run: answersApi },
  refusal: { question: 'wrongly signed call to', run: refusesWrongSignature },
  state: { question: 'room created and found through', run: keepsState },
  ingress: { question: 'ingress worker through', run: ingressAnswers },
  egress: { question: 'egress worker through', run: egressAnswers },
  media: { question: 'audio between two participants of', run: media },
  turn: { question: 'audio between two participants who may use nothing but TURN of', run: turn },
  join: { question: 'participant through the front door of', run: join },
  voice: { question: 'question asked aloud in a room of', run: voice },
} satisfies Record<string, Aspect>;

/** Deep checks of a LiveKit server, all of them through its own API, as a user's program would ask. */
export const askServer: ProbeKind['ask'] = ({ fields, address, way, believed = [], ...limits }) => {
  const { question, run } = aspectOf(textField(fields, 'aspect'));
  const server = livekitServer({ fields, address });
  const door = doorOf(fields);
  const url = optionalText(fields, 'url');
  return ask({
    question: `${question} ${origin(address)}`,
    ...limits,
    run: (signal) => run({ server, fields, ...limits, signal, believed, ...defined({ way, door, url }) }),
  });
};

function doorOf({ door }: Fields): PortName | undefined {
  if (door === undefined) return undefined;
  const fields = door as Fields;
  return { role: textField(fields, 'role'), port: textField(fields, 'port') };
}

/** Names of the aspects, for the test that compares them with the schema. */
export const aspectNames: readonly string[] = Object.keys(aspects);

function aspectOf(name: string): Aspect {
  const found = Object.entries(aspects).find(([known]) => known === name);
  if (found === undefined) throw new Error(`the schema has an aspect ${name} that nothing looks at`);
  return found[1];
}
