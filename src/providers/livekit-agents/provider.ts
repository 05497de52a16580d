import { httpProbe } from '../../core/probes/http.ts';
import type { ProbeKind } from '../../core/probes/probe.ts';
import type { Provider } from '../provider.ts';
import { workerInfo } from './worker-info.ts';

/** A worker is ready when it has registered with its LiveKit server, and its models are loaded. */
const registered: ProbeKind = {
  kind: 'livekit-agents',
  ask: (question) => httpProbe.ask({ ...question, fields: { path: '/', status: 200 } }),
};

/** Workers of LiveKit Agents, whichever language they are written in: arc knows them by this probe. */
export const livekitAgents: Provider = {
  name: 'livekit-agents',
  probe: registered,
  worker: { info: workerInfo },
};
