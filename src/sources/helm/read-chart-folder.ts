// Reads what the chart in a folder says of itself.

import { posix } from 'node:path';
import { readText } from '../files/read-text.ts';
import { type Chart, parseChart } from './chart.ts';

/** The chart in a folder; `undefined` where its `Chart.yaml` names none. */
export async function readChartFolder(folder: string, maxBytes: number): Promise<Chart | undefined> {
  const [chartYaml, requirements] = await Promise.all(
    ['Chart.yaml', 'requirements.yaml'].map((name) => readText(name, posix.join(folder, name), maxBytes)),
  );
  if (chartYaml?.ok !== true) return undefined;
  return parseChart(folder, chartYaml.text, requirements?.ok === true ? requirements.text : '');
}
