import { describe, expect, it } from 'vitest';
import { formatTable } from './table.ts';

const headings = ['NAME', 'STATE', 'WHERE'];
const rows = [
  ['arc-cache', 'running', '127.0.0.1:6379'],
  ['arc-realtime', 'exited', ''],
];

describe('formatTable', () => {
  it('aligns columns and leaves no blanks at line ends', () => {
    expect(formatTable({ headings, rows, columns: 100 })).toBe(
      ['NAME          STATE    WHERE', 'arc-cache     running  127.0.0.1:6379', 'arc-realtime  exited'].join(
        '\n',
      ),
    );
  });

  it('lets the last column go on below itself where the terminal ends', () => {
    const wide = [['arc-storage', 'running', '127.0.0.1:9000 127.0.0.1:9001']];
    const lines = [
      'NAME         STATE    WHERE',
      'arc-storage  running  127.0.0.1:9000',
      '                      127.0.0.1:9001',
    ];
    expect(formatTable({ headings, rows: wide, columns: 40 })).toBe(lines.join('\n'));
  });

  it('has one line a row where there is no terminal', () => {
    const wide = [['arc-storage', 'running', Array(40).fill('127.0.0.1:9000').join(' ')]];
    expect(formatTable({ headings, rows: wide, columns: Number.POSITIVE_INFINITY }).split('\n')).toHaveLength(
      2,
    );
  });

  it('does without what can be spared before it becomes blocks, which have it all', () => {
    const narrow = (columns: number) => formatTable({ headings, rows, columns, spare: ['STATE'] });
    expect(narrow(40)).toContain('STATE');
    expect(narrow(30)).toBe(
      ['NAME          WHERE', 'arc-cache     127.0.0.1:6379', 'arc-realtime'].join('\n'),
    );
    expect(narrow(20)).toContain('STATE  running');
  });

  it('becomes blocks on a narrow terminal, without empty cells', () => {
    expect(formatTable({ headings, rows, columns: 30 })).toBe(
      [
        'NAME   arc-cache',
        'STATE  running',
        'WHERE  127.0.0.1:6379',
        '',
        'NAME   arc-realtime',
        'STATE  exited',
      ].join('\n'),
    );
  });

  it('does not count colour codes as width', () => {
    const table = formatTable({ headings: ['A', 'B'], rows: [['\u001b[32mok\u001b[39m', 'x']], columns: 80 });
    expect(table.split('\n')[0]).toBe('A   B');
  });
});
