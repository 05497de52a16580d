import { ageText } from '../../core/age.ts';
import type { Reply } from '../../core/probes/ask.ts';
import type { Series } from '../metrics-source.ts';
import type { ExportedMetric, FiringAlert, Target } from './client.ts';

// Pure: what Prometheus answered, judged in one line.

/**
 * Prometheus takes over the targets of a configuration up to 5 s after it has loaded it (`updatert` of its discovery
 * manager); twice that, for a busy machine.
 */
const takeOverMilliseconds = 10_000;

/**
 * Whether everything that is to be read was read when it last was due.
 *
 * @param options.loaded when Prometheus loaded its configuration
 */
export function judgeTargets(options: {
  jobs: readonly string[];
  targets: readonly Target[];
  loaded: Date;
  now: Date;
}): Reply {
  const { jobs, targets, loaded, now } = options;
  const known = new Map(targets.map((target) => [target.job, target]));
  const absent = jobs.filter((job) => !known.has(job));
  const missing = isNew({ loaded, now })
    ? []
    : absent.map((job) => `${job} is not read: \`arc up metrics\` loads it`);
  const down = targets
    .filter(({ health }) => health === 'down')
    .map(({ job, lastError, lastScrape }) => `${job} cannot be read (${lastError}${ago(lastScrape, now)})`);
  if (missing.length + down.length > 0) return { ok: false, came: [...down, ...missing].join('; ') };
  const readings = targets.flatMap(({ lastScrape }) => lastScrape ?? []).map((date) => +date);
  const read =
    readings.length === 0
      ? 'none read'
      : `${readings.length} read, the first ${ageText(+now - Math.min(...readings))} ago`;
  const waiting = unread(targets);
  const jobsToCome = [...waiting.map(({ job }) => job), ...absent];
  if (jobsToCome.length === 0) return { ok: true, came: read };
  const within = absent.length > 0 ? 'loaded just now' : `first read within ${soon(waiting)}`;
  return { ok: true, unknown: true, came: `${read}; not known yet: ${jobsToCome.join(', ')}, ${within}` };
}

function isNew({ loaded, now }: { loaded: Date; now: Date }): boolean {
  return +now - +loaded < takeOverMilliseconds;
}

/** What Prometheus knows of, and has not read for the first time. */
function unread(targets: readonly Target[]): readonly Target[] {
  return targets.filter(({ health, lastScrape }) => health === 'unknown' && lastScrape === undefined);
}

function soon(waiting: readonly Target[]): string {
  return ageText(Math.max(...waiting.map(({ interval }) => interval)));
}

function ago(then: Date | undefined, now: Date): string {
  return then === undefined ? '' : `, ${ageText(+now - +then)} ago`;
}

/**
 * Holds the declared metrics against those that are exported. A program that could not be read is passed over: that is
 * another check's matter.
 *
 * @param options.declared `<job>/<name>/<type>`, with `/later` behind what need not be there yet
 */
export function judgeNames(options: {
  declared: readonly string[];
  exported: readonly ExportedMetric[];
  targets: readonly Target[];
}): Reply {
  const { declared, exported, targets } = options;
  const read = new Set(targets.filter(({ health }) => health === 'up').map(({ job }) => job));
  const types = new Map(exported.map(({ job, metric, type }) => [`${job}/${metric}`, type]));
  const wrong: string[] = [];
  let found = 0;
  let later = 0;
  for (const entry of declared) {
    const [job = '', name = '', type = '', when] = entry.split('/');
    if (!read.has(job)) continue;
    // In text of version 0.0.4 a counter has its whole name; in OpenMetrics its TYPE line leaves out \`_total\`.
    const seen = types.get(`${job}/${name}`) ?? types.get(`${job}/${name.replace(/_total$/, '')}`);
    if (seen === type) found += 1;
    else if (seen !== undefined) wrong.push(`${job} exports ${name} as a ${seen}, not a ${type}`);
    else if (when === 'later') later += 1;
    else wrong.push(`${job} does not export ${name}`);
  }
  if (wrong.length > 0) return { ok: false, came: wrong.join('; ') };
  const more = later === 0 ? '' : `; ${later} appear once something has happened`;
  const came = `${found} metrics of ${read.size} ${read.size === 1 ? 'program' : 'programs'} are as declared${more}`;
  const waiting = unread(targets);
  if (targets.length === 0)
    return { ok: true, unknown: true, came: 'not known yet: nothing was read so far' };
  return waiting.length === 0
    ? { ok: true, came }
    : { ok: true, unknown: true, came: `${came}; ${waiting.length} first read within ${soon(waiting)}` };
}

/** A critical alert fails, others warn. */
export function judgeAlerts(options: { firing: readonly FiringAlert[]; now: Date }): Reply {
  const { firing, now } = options;
  if (firing.length === 0) return { ok: true, came: 'none fires' };
  const critical = firing.filter(({ severity }) => severity === 'critical');
  const first = [...critical, ...firing.filter(({ severity }) => severity !== 'critical')];
  const came = first
    .map(({ name, summary, since }) => `${name} for ${ageText(+now - +since)}: ${summary}`)
    .join('; ');
  return critical.length > 0 ? { ok: false, came } : { ok: true, warns: true, came };
}

/**
 * Whether a metric changed between two readings, and how old the newest is. Nobody knows before the second one.
 *
 * @param options.series of the last five minutes
 * @param options.targets whoever exports the metric among them
 */
export function judgeMove(options: {
  metric: string;
  series: readonly Series[];
  targets: readonly Target[];
  /** When Prometheus loaded its configuration. */
  loaded: Date;
  now: Date;
}): Reply {
  const { metric, series, targets, loaded, now } = options;
  const [longest] = series.toSorted((one, other) => other.points.length - one.points.length);
  const newest = longest?.points.at(-1);
  if (longest === undefined || newest === undefined) {
    const waiting = unread(targets);
    if (targets.length === 0 && isNew({ loaded, now }))
      return { ok: true, unknown: true, came: `not known yet: Prometheus has just started` };
    return waiting.length === 0
      ? { ok: false, came: `${metric} has no value of the last 5 min` }
      : { ok: true, unknown: true, came: `not known yet: ${metric} is first read within ${soon(waiting)}` };
  }
  const age = +now - newest.at * 1000;
  const interval = targets.find(({ job }) => job === longest.labels.job)?.interval ?? 0;
  // A reading may take as long as an interval, and begins within one.
  if (interval > 0 && age > 3 * interval)
    return {
      ok: false,
      age,
      came: `${metric} is due every ${ageText(interval)} and was not stored since: Prometheus reads nothing, or its disk is full`,
    };
  const before = longest.points.findLast(({ value }) => value !== newest.value);
  if (before !== undefined)
    return { ok: true, age, came: `${metric} went from ${before.value} to ${newest.value}` };
  if (longest.points.length > 1) return { ok: false, age, came: `${metric} stays ${newest.value}` };
  const due = interval - age;
  return due > 0
    ? {
        ok: true,
        unknown: true,
        age,
        came: `not known yet: ${metric} was read once, and is read again in ${ageText(due)}`,
      }
    : { ok: false, age, came: `${metric} was read once, and not again when it was due` };
}
