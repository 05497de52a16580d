import { publishMessage } from '../../../app/contract/publish.ts';
import { exitStatus } from '../../../core/errors.ts';
import type { Kept, MessageSystemName } from '../../../providers/messages.ts';
import { loadWorkspace } from '../../../workspace/load.ts';
import type { Handler } from '../../cli.ts';
import { findMessage } from '../find-message.ts';
import { readValidBody } from '../read-body.ts';

type PublishOptions = { message: string; file?: string; as?: string; on?: MessageSystemName };

/** Publishes a body that satisfies its contract, and says by which id it is found again. */
export const publish: Handler<PublishOptions> = async (options, cli) => {
  const { manifests } = await loadWorkspace({ cwd: cli.cwd });
  const message = findMessage(manifests.contracts, options.message);
  const body = await readValidBody({ message, file: options.file, cli });
  const { as, on } = options;
  const published = await publishMessage({ context: cli, message, body, as, on });
  cli.result({
    data: { message: message.name, ...published },
    text: () => {
      const { system, subject, kept, id, trace } = published;
      return `Published ${message.name} on ${system}: ${subject}${placeText(kept)}.\nid ${id}, trace ${trace}`;
    },
  });
  return exitStatus.done;
};

function placeText(kept: Kept | undefined): string {
  if (kept === undefined) return '';
  return 'stream' in kept
    ? `, message ${kept.sequence} of the stream ${kept.stream}`
    : `, kept at ${kept.position}${partitionText(kept.topic)}`;
}

function partitionText(topic: string): string {
  const partition = /-partition-(\d+)$/.exec(topic)?.[1];
  return partition === undefined ? '' : ` of partition ${partition}`;
}
