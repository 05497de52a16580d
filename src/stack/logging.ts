import type { LoggingManifest } from '../manifest/model-needs.ts';

/**
 * Where a container's output goes: nothing if the driver is rendered to nothing, and without the options that are,
 * so that a template can ask whether what takes the log is there.
 */
export function resolveLogging(options: {
  logging: LoggingManifest | undefined;
  text: (field: string, value: string) => string;
}): { logging?: LoggingManifest } {
  const { logging, text } = options;
  if (logging === undefined) return {};
  const driver = text('logging.driver', logging.driver).trim();
  if (driver === '') return {};
  const rendered = Object.entries(logging.options).map(
    ([name, value]) => [name, text(`logging.options.${name}`, value)] as const,
  );
  return { logging: { driver, options: Object.fromEntries(rendered.filter(([, value]) => value !== '')) } };
}
