/** What arc wrote into the properties of something when it set it. */
export type PulsarMark = {
  project: string;
  /** `found`: it was there before arc knew of it, so arc never removes it. */
  origin: 'made' | 'found';
  /** Each field as arc last applied it, in words. */
  applied: Readonly<Record<string, string>>;
};

export type Properties = Readonly<Record<string, string>>;

const keys = { project: 'arc.project', origin: 'arc.origin', applied: 'arc.applied' } as const;

/** arc's mark; undefined on what arc does not know. */
export function readMark(properties: Properties): PulsarMark | undefined {
  const project = properties[keys.project];
  if (project === undefined) return undefined;
  return {
    project,
    origin: properties[keys.origin] === 'made' ? 'made' : 'found',
    applied: JSON.parse(properties[keys.applied] ?? '{}') as Readonly<Record<string, string>>,
  };
}

/** The properties that hold a mark; Pulsar keeps all others where these are set. */
export function markProperties({ project, origin, applied }: PulsarMark): Properties {
  return { [keys.project]: project, [keys.origin]: origin, [keys.applied]: JSON.stringify(applied) };
}
