import { isIP } from 'node:net';
import { confirm } from '../../app/consent.ts';
import { foreseeHosts, hostNames, hostsLines, systemHosts, writeHosts } from '../../app/host-names.ts';
import { exitStatus, invalid } from '../../core/errors.ts';
import type { Handler } from '../cli.ts';

export type HostsOptions = {
  write?: boolean;
  remove?: boolean;
  address?: string;
  file?: string;
  yes?: boolean;
  dryRun?: boolean;
};

export const handleHosts: Handler<HostsOptions> = async (options, cli) => {
  const { write = false, remove = false, address, file = systemHosts } = options;
  if (write && remove)
    throw invalid({
      code: 'bad-flag',
      message: '--write and --remove contradict each other.',
      suggestion: 'name one of them',
    });
  if (address !== undefined && isIP(address) === 0)
    throw invalid({
      code: 'bad-flag',
      message: `--address takes an IP address, and got "${address}".`,
      suggestion: 'for example --address 192.0.2.10',
    });
  const found = await hostNames({ context: cli, ...(address === undefined ? {} : { address }) });
  const lines = hostsLines(found);
  if (!write && !remove) {
    cli.result({ data: found, text: () => lines.join('\n'), isForPrograms: true });
    return exitStatus.done;
  }
  if (options.dryRun === true) {
    const wanted = write ? lines : [];
    const changed = foreseeHosts({ file, project: found.project, lines: wanted }) !== undefined;
    cli.result({
      data: { ...found, file, changed, dryRun: true },
      text: () =>
        !changed
          ? `${file} is as it should be.`
          : write
            ? [`arc would write into ${file}:`, ...lines.map((line) => `  ${line}`)].join('\n')
            : `arc would remove the names of ${found.project} from ${file}.`,
    });
    return exitStatus.done;
  }
  await confirm({
    context: cli,
    question: write
      ? `Write ${found.names.length} names of ${found.project} into ${file}?`
      : `Remove the names of ${found.project} from ${file}?`,
    flag: '--yes',
    given: options.yes === true,
  });
  const changed = writeHosts({ context: cli, file, project: found.project, lines: write ? lines : [] });
  cli.result({
    data: { ...found, file, changed },
    text: () =>
      !changed
        ? `${file} is up to date.`
        : write
          ? `${found.names.join(', ')} lead to ${found.address} now. \`${cli.program} hosts --remove\` removes them.`
          : `Removed from ${file}.`,
  });
  return exitStatus.done;
};
