import { Option } from 'commander';
import { messageSystemNames } from '../../providers/messages.ts';

/** `--on nats` */
export function onOption(description: string): Option {
  return new Option('--on <system>', description).choices([...messageSystemNames]);
}
