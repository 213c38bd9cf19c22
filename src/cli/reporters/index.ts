// The reporters by the name of their format.

import type { Report } from '../../journey/index.ts';
import type { Io } from '../io.ts';
import type { Format } from '../options.ts';
import { renderGithub } from './github.ts';
import { renderHtml } from './html/index.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderList } from './list.ts';
import { renderMarkdown } from './markdown.ts';
import { renderPage } from './page.ts';
import type { Rendering, Reporter } from './reporter.ts';
import { renderSarif } from './sarif.ts';

interface RenderOptions {
  readonly format: Format;
  readonly form: 'journey' | 'check';
  readonly io: Io;
  readonly showAll: boolean;
}

const reporters: Readonly<Record<Exclude<Format, 'text'>, Reporter>> = {
  json: renderJson,
  sarif: renderSarif,
  junit: renderJunit,
  markdown: renderMarkdown,
  github: renderGithub,
  html: renderHtml,
};

export function renderReport(report: Report, { format, form, io, showAll }: RenderOptions): Rendering {
  const reporter = format === 'text' ? (form === 'journey' ? renderPage : renderList) : reporters[format];
  const { style, width, version, program } = io;
  return reporter(report, { style, width, version, program, form, showAll });
}
