import { Chalk } from 'chalk';
import { expect, test } from 'vitest';
import type { CheckedFinding } from '../../doctor/examine.ts';
import { doctorReport, formatReport } from './report.ts';

const chalk = new Chalk({ level: 0 });
const findings: readonly CheckedFinding[] = [
  { check: 'engine', state: 'ok', summary: 'Docker Engine 20.10.24 (API 1.41)' },
  {
    check: 'udp-buffers',
    state: 'warning',
    problem: {
      code: 'small-udp-buffers',
      message: 'UDP buffers are small.',
      suggestion: 'sysctl',
      detail: ['x'],
    },
  },
  {
    check: 'ports',
    state: 'missing',
    problem: {
      code: 'port-in-use',
      message: 'Port 1935/tcp, wanted by arc-realtime-ingress (rtmp), is held by obs (pid 4711).',
      detail: ['wanted on 127.0.0.1, held on 0.0.0.0'],
      suggestion: 'stop obs',
    },
    repair: { id: 'x', after: { action: 'x', run: async () => {} } },
  },
];

test('a line each, details of what is missing, and a verdict', () => {
  expect(formatReport({ report: doctorReport(findings), columns: 120, chalk })).toBe(
    [
      '✓ Docker Engine 20.10.24 (API 1.41)',
      '! UDP buffers are small. → sysctl',
      '✗ Port 1935/tcp, wanted by arc-realtime-ingress (rtmp), is held by obs (pid 4711). → stop obs',
      '    wanted on 127.0.0.1, held on 0.0.0.0',
      '1 problem, 1 warning; arc doctor --fix can repair some of them',
    ].join('\n'),
  );
});

test('nothing is wider than a terminal of 40 columns', () => {
  const text = formatReport({ report: doctorReport(findings), columns: 40, chalk });
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
});

test('without problems', () => {
  const verdict = (some: readonly CheckedFinding[]) =>
    formatReport({ report: doctorReport(some), columns: 80, chalk })
      .split('\n')
      .at(-1);
  expect(verdict(findings.slice(0, 1))).toBe('All is well.');
  expect(verdict(findings.slice(0, 2))).toBe('Ready, with 1 warning.');
});

test('the shape of --json', () => {
  expect(doctorReport(findings)).toEqual({
    ready: false,
    findings: [
      { check: 'engine', state: 'ok', message: 'Docker Engine 20.10.24 (API 1.41)' },
      {
        check: 'udp-buffers',
        state: 'warning',
        code: 'small-udp-buffers',
        message: 'UDP buffers are small.',
        detail: ['x'],
        suggestion: 'sysctl',
        repairable: false,
      },
      {
        check: 'ports',
        state: 'missing',
        code: 'port-in-use',
        message: 'Port 1935/tcp, wanted by arc-realtime-ingress (rtmp), is held by obs (pid 4711).',
        detail: ['wanted on 127.0.0.1, held on 0.0.0.0'],
        suggestion: 'stop obs',
        repairable: true,
      },
    ],
  });
});
