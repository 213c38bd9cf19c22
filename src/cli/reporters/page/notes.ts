// What was not read, what was left out, and what else the user should know: nothing is dropped in silence.

import { hang } from '../../layout.ts';
import { visible } from '../../style.ts';
import type { ReporterOptions } from '../reporter.ts';
import { count } from '../words.ts';
import type { Report } from '../../../journey/index.ts';
import { labelled, paint, room, type Section } from './section.ts';

const shownRows = 5;

function unread({ unreadable }: Report, options: ReporterOptions): string[] {
  if (unreadable.length === 0) return [];
  const { style, showAll } = options;
  const shown = showAll ? unreadable : unreadable.slice(0, shownRows);
  const rows = shown.flatMap(({ position, reason, advice }) => {
    const place = `${visible(position.file)}:${position.line}  `;
    return [
      ...hang('', `${place}${visible(reason)}`, room(options)),
      ...paint(visible(advice), style.dim, room(options) - 2).map((line) => `  ${line}`),
    ];
  });
  const more = unreadable.length - shown.length;
  if (more > 0) rows.push(style.dim(`and ${more} more; --all lists them`));
  return labelled(style.warn('Not read'), rows, options);
}

/** Kinds that the user may not list: a hole that is told. */
function notListed({ source }: Report, options: ReporterOptions): string[] {
  const refused = (source.cluster?.notListed ?? []).filter(({ failed }) => failed !== true);
  const kinds = [...new Set(refused.map(({ resource }) => resource))].sort();
  if (kinds.length === 0) return [];
  const hint = `${options.program} request --role cluster-administrator`;
  const rows = [
    ...hang('', `you may not list ${kinds.join(', ')}: what rests on them is unknown`, room(options)),
    `${options.style.command(hint)}   has the role to ask for`,
  ];
  return labelled(options.style.warn('Not listed'), rows, options);
}

function skippedFiles({ skipped }: Report, options: ReporterOptions): string[] {
  if (skipped.length === 0) return [];
  const { style, showAll } = options;
  const rows = showAll
    ? skipped.flatMap(({ file, what }) => hang('', `${visible(file)}: ${visible(what)}`, room(options)))
    : [style.dim(`${count(skipped.length, 'file')} beside the app; --all says which and why`)];
  return labelled(style.dim('Skipped'), rows, options);
}

function notices({ notices: words }: Report, options: ReporterOptions): string[] {
  const rows = words.flatMap((notice) => hang('', visible(notice), room(options)));
  return rows.length === 0 ? [] : labelled(options.style.warn('Note'), rows, options);
}

export const renderNotes: Section = (report, options) => [
  ...unread(report, options),
  ...notListed(report, options),
  ...skippedFiles(report, options),
  ...notices(report, options),
];
