import { expect, it } from 'vitest';
import { builderConfig, collector } from './collector.ts';

const step = {
  kind: 'collector',
  version: 'v0.155.0',
  target: '/otelcol',
  receivers: ['a.b/otlpreceiver@v0.155.0'],
  exporters: ['a.b/debugexporter@v0.155.0', 'a.b/nopexporter@v0.155.0'],
  processors: [],
  extensions: [],
  connectors: [],
  providers: [],
  replace: { 'a.b/c': 'd.e/c@v1.2.3' },
} as const;

it('hands the components to the builder in its own words, and leaves the providers to it where none are named', () => {
  expect(builderConfig({ step, folder: '/build/collector' })).toEqual({
    dist: {
      module: 'arc.local/collector',
      name: 'otelcol',
      description: 'OpenTelemetry Collector made by arc',
      version: '0.155.0',
      output_path: '/build/collector',
    },
    receivers: [{ gomod: 'a.b/otlpreceiver v0.155.0' }],
    exporters: [{ gomod: 'a.b/debugexporter v0.155.0' }, { gomod: 'a.b/nopexporter v0.155.0' }],
    replaces: ['a.b/c => d.e/c v1.2.3'],
  });
});

it('is described by its version and how many components it has', () => {
  expect(collector.describe(step)).toBe('OpenTelemetry Collector v0.155.0 of 3 components');
});
