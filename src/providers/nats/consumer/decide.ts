import type { Decider } from '../../../core/driver.ts';
import type { Problem } from '../../../core/errors.ts';
import { type OneStep, oneStepDecider } from '../../one-step.ts';
import { decideKept, type Rules, type Work } from '../decide.ts';
import { fieldText } from '../fields.ts';
import { type ConsumerSpec, type ConsumerState, consumerTable } from './model.ts';

export type ConsumerStep = OneStep<ConsumerSpec, Work>;

/** The pure half of what arc knows of consumers. */
export function consumerDecider(project: string): Decider<ConsumerSpec, ConsumerState, Work, ConsumerStep> {
  return oneStepDecider({ kind: 'consumer', decide: decideKept({ project, rules: consumerRules }) });
}

/** NATS refuses these for a consumer that exists (`checkNewConsumerConfig` of its consumer.go). */
const consumerRules: Rules<ConsumerSpec, ConsumerState> = {
  kind: 'consumer',
  table: consumerTable,
  refusal: ({ spec, state, changed }) => {
    if (state === undefined) return undefined;
    if (state.isPush) return fixed({ spec, what: 'that messages are sent to a subject (push)', now: 'push' });
    if (state.ack !== 'explicit')
      return fixed({ spec, what: `how messages are acknowledged (${state.ack})`, now: `ack ${state.ack}` });
    if (!changed.includes('deliver')) return undefined;
    const rule = consumerTable.deliver;
    const [before, after] = [fieldText(rule, state.fields.deliver), fieldText(rule, spec.fields.deliver)];
    return fixed({ spec, what: `deliver from ${before} to ${after}`, now: `\`deliver: ${before}\`` });
  },
};

function fixed(options: { spec: ConsumerSpec; what: string; now: string }): Problem {
  const { spec, what, now } = options;
  return {
    code: 'consumer-fixed',
    message: `NATS cannot change ${what} of the consumer ${spec.name}.`,
    suggestion: `keep it as it is (${now}), or declare a consumer of another name, and remove ${spec.name}, which then loses its place`,
  };
}
