// Where the templates are that Helm names in its output, so that findings lead to files the user can open.

import { readdir } from 'node:fs/promises';
import { posix } from 'node:path';
import { readText } from '../files/read-text.ts';
import { type Chart, parseChart } from './chart.ts';
import { readChartFolder } from './read-chart-folder.ts';
import { type ArchiveFiles, readArchive, readNestedArchive } from './read-archive.ts';

/** A template as shown to the user, with its text. */
export interface TemplateFile {
  readonly file: string;
  readonly text: string;
}

/** Answers for paths as Helm prints them: `shop/charts/redis/templates/master.yaml`. */
export interface TemplateFiles {
  find(path: string): Promise<TemplateFile | undefined>;
}

function withoutFirst(path: string): string {
  return path.slice(path.indexOf('/') + 1);
}

/** The subchart a path leads into (`redis` for `shop/charts/redis/…`), and the path from there on. */
function intoSubchart(path: string): { readonly name: string; readonly rest: string } | undefined {
  const match = /^charts\/([^/]+)\/(.+)$/.exec(withoutFirst(path));
  return match === null ? undefined : { name: match[1] ?? '', rest: `${match[1] ?? ''}/${match[2] ?? ''}` };
}

/** The chart that stands at `root` (`shop`, `shop/charts/redis`) among the files of an archive. */
class ArchiveTemplates implements TemplateFiles {
  private readonly unit: string;
  private readonly root: string;
  private readonly files: ArchiveFiles;
  private readonly maxBytes: number;

  constructor(unit: string, root: string, files: ArchiveFiles, maxBytes: number) {
    this.unit = unit;
    this.root = root;
    this.files = files;
    this.maxBytes = maxBytes;
  }

  chart(): Chart | undefined {
    const chartYaml = this.files.texts.get(`${this.root}/Chart.yaml`) ?? '';
    return parseChart(this.unit, chartYaml, this.files.texts.get(`${this.root}/requirements.yaml`));
  }

  async find(path: string): Promise<TemplateFile | undefined> {
    const inner = intoSubchart(path);
    if (inner !== undefined) return (await this.subchart(inner.name))?.find(inner.rest);
    const inside = `${this.root}/${withoutFirst(path)}`;
    const text = this.files.texts.get(inside);
    return text === undefined ? undefined : { file: `${this.unit}/${inside}`, text };
  }

  private async subchart(alias: string): Promise<TemplateFiles | undefined> {
    const name = this.chart()?.dependencies.find((each) => each.alias === alias)?.name ?? alias;
    const root = `${this.root}/charts/${name}`;
    if (this.files.texts.has(`${root}/Chart.yaml`))
      return new ArchiveTemplates(this.unit, root, this.files, this.maxBytes);
    for (const [path, bytes] of this.files.archives) {
      if (!path.startsWith(`${root}-`)) continue;
      const nested = await readNestedArchive(bytes, this.maxBytes);
      return new ArchiveTemplates(`${this.unit}/${path}`, name, nested, this.maxBytes);
    }
    return undefined;
  }
}

class FolderTemplates implements TemplateFiles {
  private readonly chart: Chart;
  private readonly maxBytes: number;
  private subcharts: Promise<ReadonlyMap<string, TemplateFiles>> | undefined;

  constructor(chart: Chart, maxBytes: number) {
    this.chart = chart;
    this.maxBytes = maxBytes;
  }

  async find(path: string): Promise<TemplateFile | undefined> {
    const inner = intoSubchart(path);
    if (inner === undefined) {
      const file = posix.join(this.chart.unit, withoutFirst(path));
      const read = await readText(file, file, this.maxBytes);
      return read.ok ? { file, text: read.text } : undefined;
    }
    this.subcharts ??= this.findSubcharts();
    const name = this.chart.dependencies.find(({ alias }) => alias === inner.name)?.name ?? inner.name;
    return (await this.subcharts).get(name)?.find(inner.rest.replace(/^[^/]+/, name));
  }

  private async findSubcharts(): Promise<ReadonlyMap<string, TemplateFiles>> {
    const folder = posix.join(this.chart.unit, 'charts');
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const found = new Map<string, TemplateFiles>();
    for (const entry of entries) {
      const path = `${folder}/${entry.name}`;
      if (entry.name.endsWith('.tgz')) {
        const archive = await openArchive(path, this.maxBytes);
        if (archive !== undefined) found.set(archive.chart.name, archive.templates);
      } else {
        const chart = await readChartFolder(path, this.maxBytes);
        if (chart !== undefined) found.set(chart.name, new FolderTemplates(chart, this.maxBytes));
      }
    }
    return found;
  }
}

export interface OpenedArchive {
  readonly chart: Chart;
  readonly templates: TemplateFiles;
}

/** The chart in an archive shown as `archive`; `undefined` where the archive cannot be read or holds none. */
export async function openArchive(
  archive: string,
  maxBytes: number,
  path = archive,
): Promise<OpenedArchive | undefined> {
  const files = await readArchive(path, maxBytes).catch(() => undefined);
  if (files === undefined) return undefined;
  const root = [...files.texts.keys()].find((each) => /^[^/]+\/Chart\.yaml$/.test(each));
  if (root === undefined) return undefined;
  const templates = new ArchiveTemplates(archive, root.slice(0, root.indexOf('/')), files, maxBytes);
  const chart = templates.chart();
  return chart === undefined ? undefined : { chart, templates };
}

/** Templates of a chart that lies in a folder. */
export function folderTemplates(chart: Chart, maxBytes: number): TemplateFiles {
  return new FolderTemplates(chart, maxBytes);
}
