import { describe, expect, test } from 'vitest';
import { escapeMarkup } from '../output/markup.ts';
import { htmlOf } from './html.ts';
import { svgOf } from './svg.ts';
import { boot, span, trace } from './trace.fixture.ts';
import { layOut } from './waterfall.ts';

describe('a trace as a picture', () => {
  const svg = svgOf(layOut(boot));

  test('has a bar for each span, in its place, and says what failed', () => {
    const bars = svg.match(/<rect class="bar[^>]*>/g);
    expect(bars).toEqual([
      '<rect class="bar" x="396" y="78" width="518" height="14" rx="2"/>',
      '<rect class="bar" x="396.52" y="100" width="1.58" height="14" rx="2"/>',
      '<rect class="bar" x="398.15" y="122" width="76.57" height="14" rx="2"/>',
      '<rect class="bar" x="474.72" y="144" width="435.6" height="14" rx="2"/>',
      '<rect class="bar" x="500.96" y="166" width="1.5" height="14" rx="2"/>',
      '<rect class="bar failed" x="658.41" y="188" width="255.59" height="14" rx="2"/>',
    ]);
    expect(svg).toContain(
      '<title>arc await container egress, 4.87s\nIt ended with &quot;exit 1&quot; &lt;now&gt;.',
    );
  });

  test('has the whole time at its end', () => {
    expect(svg).toContain('>9.87s</text>');
    expect(svg).toContain('aria-label="arc up, 9.87s, 6 spans, 1 failed"');
  });
});

describe('a page', () => {
  test('has all that is known of each span, and nothing from elsewhere', () => {
    const html = htmlOf(layOut(boot));
    expect(html.match(/<details>/g)).toHaveLength(6);
    expect(html).toContain('<tr><td>arc.cause</td><td>started &amp; awaited</td></tr>');
    expect(html).toContain('<td>error</td><td>It ended with &quot;exit 1&quot; &lt;now&gt;.</td>');
    expect(html).not.toMatch(/<script|<link|src=|url\(/);
  });

  test('has the names of spans as text, whatever they are', () => {
    const evil = span({ name: '</title><script>alert(1)</script>', from: 0, to: 1 });
    expect(htmlOf(layOut(trace(evil)))).not.toContain('<script');
    expect(svgOf(layOut(trace(evil)))).not.toContain('<script');
  });
});

test('characters that XML cannot have are replaced', () => {
  expect(escapeMarkup('a\u0000b\u001Bc\uD800<&>"')).toBe('a\uFFFDb\uFFFDc\uFFFD&lt;&amp;&gt;&quot;');
});
