import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { lately } from '../../app/metrics/lately.ts';
import { drawPanels } from '../../app/metrics/panels.ts';
import { withMetrics } from '../../app/metrics/source.ts';
import { exitStatus, failed } from '../../core/errors.ts';
import type { Handler } from '../cli.ts';
import { choosePanels } from './choose.ts';
import { panelsSvg } from './svg.ts';
import { lineColumns, panelsText } from './text.ts';

type PanelsOptions = {
  names: readonly string[];
  /** Milliseconds. */
  range: number;
  svg?: string;
};

/** More points than a terminal has columns, as a picture is looked at more closely. */
const svgColumns = 240;

/** The panels of what runs, in the terminal or as a picture. */
export const showPanels: Handler<PanelsOptions> = async (options, cli) => {
  const { names, svg } = options;
  return withMetrics({
    context: cli,
    use: async ({ ask, running }) => {
      const { chosen, without } = choosePanels({
        manifests: running.manifests,
        running: running.roles,
        names,
      });
      const columns = svg === undefined ? lineColumns : svgColumns;
      const range = lately({ seconds: Math.ceil(options.range / 1000), columns, now: new Date() });
      const drawn = await drawPanels({ ask, panels: chosen, range });
      if (svg !== undefined) await write(resolve(cli.cwd, svg), panelsSvg({ panels: drawn, range }));
      cli.result({
        data: { range, panels: drawn, without, ...(svg === undefined ? {} : { file: svg }) },
        text: () => (svg === undefined ? panelsText({ panels: drawn, without, range }) : `Wrote ${svg}.`),
      });
      return exitStatus.done;
    },
  });
};

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw failed({
      code: 'picture-not-written',
      message: `The picture cannot be written to ${file}: ${cause instanceof Error ? cause.message : String(cause)}.`,
    });
  }
}
