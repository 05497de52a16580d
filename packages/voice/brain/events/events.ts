import type { Bus } from '../../../contracts/typescript/connect.ts';
import type { Spans } from '../../../spans/spans.ts';
import { type Outbox, openOutbox } from '../outbox/outbox.ts';
import { complianceOf, type Deed, type Subject } from './messages.ts';
import { type KeptEvent, publishKept, publishTold, type ToldEvent } from './publisher.ts';

/** Where everything that happens is told. Nobody waits for any of it on the way of an answer. */
export type Events = {
  /** Settles once it is on disk: then it will be published, whenever NATS is there. */
  keep(event: KeptEvent): Promise<void>;
  /** Whether it was told: not while NATS is away. It never rejects. */
  tell(event: ToldEvent): Promise<boolean>;
  /** An entry of the audit trail. */
  audit(deed: Deed, about: Subject): Promise<void>;
  state: Outbox<KeptEvent>['state'];
  close(): Promise<void>;
};

export type Log = (fields: Readonly<Record<string, unknown>>) => void;

/** More than a week of talking all day; 1 KiB each. */
const most = 20_000;

/**
 * @param options.folder where promised messages wait
 * @param options.policy how long turns are kept, for the audit trail: `30_days`
 */
export async function openEvents(options: {
  bus: Promise<Bus>;
  spans: Pick<Spans, 'within'>;
  /** What NATS says against the program's key, if it does. */
  refusal: () => Error | undefined;
  folder: string;
  policy: string;
  pause: (milliseconds: number) => Promise<void>;
  log: Log;
}): Promise<Events> {
  const { bus, spans, refusal, folder, policy, pause, log } = options;
  const onRefused = (cause: Error) => log({ level: 'error', message: cause.message });
  let connection: Bus | undefined;
  void bus.then((made) => {
    connection = made;
  });
  const outbox = await openOutbox<KeptEvent>({
    folder,
    most,
    pause,
    deliver: async (event) =>
      await publishKept({ bus: reachable(connection, refusal()), spans, event, onRefused }),
  });
  const keep = async (event: KeptEvent): Promise<void> => {
    if (!(await outbox.add(event)))
      log({ level: 'error', message: 'an event is lost: too many wait', name: event.name });
  };
  return {
    keep,
    tell: async (event) => {
      if (connection?.isConnected() !== true) return false;
      try {
        await publishTold({ bus: connection, spans }, event);
        return true;
      } catch (cause) {
        log({ level: 'warning', message: 'an event was not told', name: event.name, cause: String(cause) });
        return false;
      }
    },
    audit: async (deed, about) => {
      const [id, at] = [crypto.randomUUID(), new Date()];
      const data = complianceOf({ deed, about, id, at, policy });
      await keep({ name: 'compliance-event', data, id, at: at.toISOString() });
    },
    state: outbox.state,
    close: outbox.close,
  };
}

/** A connection that is there, so that an attempt fails instead of waiting inside of the client. */
function reachable(bus: Bus | undefined, refusal: Error | undefined): Bus {
  if (bus?.isConnected() !== true) throw refusal ?? new Error('NATS is away');
  return bus;
}

/** A stack without messages: nothing is told to anybody. */
export const noEvents: Events = {
  keep: async () => undefined,
  tell: async () => false,
  audit: async () => undefined,
  state: () => ({ waiting: 0, lost: 0, refused: 0, failure: undefined }),
  close: async () => undefined,
};
