import { type EgressInfo, StreamInfo_Status as State, StreamInfo, StreamInfoList } from '@livekit/protocol';
import { RpcError } from '../rpc/error.ts';
import { now } from '../rpc/time.ts';
import type { Output } from './output.ts';
import type { StreamNews, StreamOrder } from './recording.ts';
import { parseTarget, redacted } from './stream/target.ts';

/** A stream that fails for a while is tried again each second, which is not told each time; upstream's. Milliseconds. */
const retriesToldAfter = 10_000;

export type StreamsOutput = Output & {
  /** Those that are to be served, for the process of the recording. */
  orders: () => readonly StreamOrder[];
  /** Adds and removes receivers; what is right of it is done, and the rest is said. */
  update: (change: { add: readonly string[]; remove: readonly string[] }) => {
    added: readonly StreamOrder[];
    removed: readonly string[];
    wrong?: RpcError;
  };
  /** @returns whether the API should show it now */
  told: (news: StreamNews) => boolean;
  /** What is served is over, whatever was wrong. */
  close: (isFailed: boolean) => void;
};

type Receiver = { id: string; url: string; info: StreamInfo; isOver: boolean; toldAt: number };

/** The recording as streams to others, each of which has a state of its own. */
export function streamsOutput(urls: readonly string[]): StreamsOutput {
  const receivers: Receiver[] = [];
  const add = (url: string): Receiver => {
    parseTarget(url);
    const info = new StreamInfo({ url: redacted(url), status: State.ACTIVE });
    const receiver = { id: String(receivers.length), url, info, isOver: false, toldAt: 0 };
    receivers.push(receiver);
    return receiver;
  };
  for (const url of urls) add(url);
  const served = (): readonly Receiver[] => receivers.filter(({ isOver }) => !isOver);
  const finish = (receiver: Receiver, status: State, error = ''): void => {
    receiver.isOver = true;
    const { info } = receiver;
    const endedAt = now();
    const startedAt = info.startedAt || endedAt;
    Object.assign(info, { status, error, startedAt, endedAt, duration: endedAt - startedAt });
  };
  const results = (): StreamInfo[] => receivers.map(({ info }) => info);

  return {
    begin: () => {},
    end: () => {},
    deliver: async () => undefined,
    orders: () => served().map(({ id, url }) => ({ id, url })),
    update: ({ add: wanted, remove }) => {
      const added: Receiver[] = [];
      const removed: Receiver[] = [];
      const wrong: RpcError[] = [];
      for (const url of wanted) {
        try {
          if (!served().some((receiver) => receiver.url === url)) added.push(add(url));
        } catch (cause) {
          if (!(cause instanceof RpcError)) throw cause;
          wrong.push(cause);
        }
      }
      for (const url of remove) {
        const receiver = served().find((each) => each.url === url);
        if (receiver) {
          finish(receiver, State.FINISHED);
          removed.push(receiver);
        } else wrong.push(new RpcError('not_found', `stream ${redacted(url)} not found`));
      }
      return {
        added: added.map(({ id, url }) => ({ id, url })),
        removed: removed.map(({ id }) => id),
        ...(wrong[0]
          ? { wrong: new RpcError(wrong[0].code, wrong.map(({ message }) => message).join('\n')) }
          : {}),
      };
    },
    told: (news) => {
      const receiver = served().find(({ id }) => id === news.id);
      if (!receiver) return false;
      const { info } = receiver;
      switch (news.kind) {
        case 'live':
          if (info.startedAt !== 0n) return false;
          info.startedAt = now();
          break;
        case 'retrying':
          info.retries += 1;
          info.lastRetryAt = now();
          if (performance.now() - receiver.toldAt < retriesToldAfter) return false;
          receiver.toldAt = performance.now();
          break;
        case 'lost':
          finish(receiver, State.FAILED, news.reason);
          break;
      }
      // Those that were added together are told together, as upstream does.
      return served().every(({ info: { startedAt } }) => startedAt !== 0n);
    },
    close: (isFailed) => {
      for (const receiver of served()) finish(receiver, isFailed ? State.FAILED : State.FINISHED);
    },
    show: (egress: EgressInfo) => {
      egress.streamResults = results();
    },
    showAlone: (egress: EgressInfo) => {
      egress.result = { case: 'stream', value: new StreamInfoList({ info: results() }) };
    },
    note: () => ({}),
  };
}
