import type { Booted } from '../app/boot.ts';
import { providers, serversOf } from '../app/providers.ts';
import { isEmpty } from '../core/step.ts';
import type { ResolvedContainer } from '../stack/model.ts';
import { publishedAddress } from '../stack/published-address.ts';
import { lostText } from './lost-text.ts';
import { formatAddress } from './output/address.ts';
import { formatElapsed } from './output/renderer.ts';
import { formatTable } from './output/table.ts';

/** The answer of `up` and `restart`: what runs where, what is missing, and what a developer does next. */
export function bootAnswer(options: { booted: Booted; program: string; columns: number }): {
  data: unknown;
  text: () => string;
} {
  const { booted, program, columns } = options;
  const { stack, execution, missing } = booted;
  const readyAfter = new Map(execution.ready.map(({ role, milliseconds }) => [role, milliseconds]));
  const answers = serversOf(stack).flatMap(({ provider, server }) => {
    const address = publishedAddress({ stack, at: server.probes[0].at });
    const answer = provider.answer?.({ server, address, program });
    return answer === undefined ? [] : [{ name: provider.name, ...answer }];
  });
  return {
    data: {
      healthy: true,
      milliseconds: Math.round(execution.milliseconds),
      changed: !isEmpty(booted.plan),
      lost: booted.losses,
      containers: stack.containers.map((container) => ({
        role: container.role,
        name: container.name,
        kind: container.kind,
        addresses: addresses(container),
        base: booted.images.find(({ role }) => role === container.role)?.base ?? null,
        readyAfterMilliseconds: readyAfter.get(container.role) ?? null,
      })),
      missing: missing.map(({ role, problem }) => ({ role, problem })),
      portOffset: stack.portOffset ?? 0,
      trace: booted.trace ?? null,
      chosenAddresses: chosenAddresses(stack).map(({ name, value, note }) => ({ name, value, note })),
      ...Object.fromEntries(
        providers.flatMap(({ name, answer }) =>
          answer === undefined ? [] : [[name, answers.find((one) => one.name === name)?.data ?? null]],
        ),
      ),
    },
    text: () => {
      const rows = stack.containers
        .filter(({ kind }) => kind === 'service')
        .map((container) => [
          container.name,
          container.codename,
          readyText(readyAfter.get(container.role)),
          addresses(container).join(' '),
        ]);
      const paragraphs = [
        [headline(booted), ...lostText(booted.losses)].join('\n'),
        formatTable({
          headings: ['CONTAINER', 'CODENAME', 'READY', 'WHERE'],
          rows,
          columns,
          spare: ['CODENAME'],
        }),
      ];
      if (stack.portOffset !== undefined)
        paragraphs.push(`Ports are those of the manifests plus ${stack.portOffset} (\`ports\` in arc.yaml).`);
      for (const { name, note } of chosenAddresses(stack)) paragraphs.push(`${name} is ${note}.`);
      if (missing.length > 0)
        paragraphs.push(`Missing: ${missing.map(({ role }) => role).join(', ')} (the reasons are above).`);
      const lines = answers.flatMap((answer) => answer.lines);
      const { trace } = booted;
      if (trace !== undefined && trace.lost === 0)
        paragraphs.push(`This boot is a trace: ${program} trace ${trace.id}`);
      if (lines.length > 0) {
        const all = [...lines, ['Check', `${program} health`] as const];
        paragraphs.push(all.map(([label, value]) => `${label.padEnd(8)} ${value}`).join('\n'));
      }
      return paragraphs.join('\n\n');
    },
  };
}

/** Addresses that arc found out, because a setting asks for `lan` or `public`, or the Engine is on another machine. */
function chosenAddresses(
  stack: Pick<Booted['stack'], 'settings'>,
): readonly { name: string; value: string; note: string }[] {
  return Object.entries(stack.settings).flatMap(([name, { kind, value, note }]) =>
    kind === 'address' && note !== undefined ? [{ name, value, note }] : [],
  );
}

function headline(booted: Booted): string {
  const { execution, plan, stack } = booted;
  const count = stack.containers.filter(({ kind }) => kind === 'service').length;
  const what = `${count} ${count === 1 ? 'container is' : 'containers are'} healthy`;
  return isEmpty(plan)
    ? `Nothing to do: ${what}.`
    : `${what} after ${formatElapsed(execution.milliseconds)}.`;
}

function readyText(milliseconds: number | undefined): string {
  return milliseconds === undefined ? 'unchanged' : formatElapsed(milliseconds);
}

function addresses(container: ResolvedContainer): string[] {
  return container.ports.map(formatAddress);
}
