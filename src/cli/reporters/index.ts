// The reporters by the name of their format.

import type { Report } from '../../journey/index.ts';
import type { Format } from '../options.ts';
import { renderGithub } from './github.ts';
import { renderHtml } from './html/index.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderList } from './list.ts';
import { renderMarkdown } from './markdown.ts';
import { renderPage } from './page/index.ts';
import type { Rendering, Reporter, ReporterOptions } from './reporter.ts';
import { renderSarif } from './sarif.ts';

const reporters: Readonly<Record<Exclude<Format, 'text'>, Reporter>> = {
  json: renderJson,
  sarif: renderSarif,
  junit: renderJunit,
  markdown: renderMarkdown,
  github: renderGithub,
  html: renderHtml,
};

export function renderReport(report: Report, format: Format, options: ReporterOptions): Rendering {
  if (format !== 'text') return reporters[format](report, options);
  return options.form === 'journey' ? renderPage(report, options) : renderList(report, options);
}
