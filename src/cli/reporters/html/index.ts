// The report as one self-contained HTML page: light and dark, for the eye and for a screen reader, with or without scripts.

import { type LegReport, legTitles, levelNames, type Report } from '../../../journey/index.ts';
import { type Finding, levels, type Owner, pushTo } from '../../../model/index.ts';
import { visible } from '../../style.ts';
import type { Reporter } from '../reporter.ts';
import { sourceWords } from '../words.ts';
import { pageScript } from './page-script.generated.ts';
import { pageStyle } from './page-style.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that stays text: nothing from the input may become markup. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

const ownerWords: Readonly<Record<Owner, string>> = {
  developer: 'developer',
  'cluster-administrator': 'cluster administrator',
  provider: 'provider',
};

function dotClass(level: number, { level: told, proven }: LegReport): string {
  if (level <= proven) return 'dot proven';
  return level <= told ? 'dot told' : 'dot';
}

function legCard(leg: LegReport): string {
  const { next, level, proven } = leg;
  const name = level === 0 ? 'Not started' : levelNames[leg.leg][level];
  const dots = levels.map((each) => `<span class="${dotClass(each, leg)}"></span>`).join('');
  const label = `level ${level} of 4 as far as files can tell, level ${proven} proven`;
  const progress =
    next === undefined
      ? '<p>Every level is reached.</p>'
      : `<p class="meta">${next.done} of ${next.steps} steps to level ${next.level}: ${levelNames[leg.leg][next.level]}</p><progress max="${Math.max(1, next.steps)}" value="${next.done}" aria-label="steps to level ${next.level} of ${legTitles[leg.leg]}"></progress>`;
  return `<li class="leg"><h2>${legTitles[leg.leg]}</h2><div class="dots" role="img" aria-label="${label}">${dots}</div><p class="name">${name}</p>${progress}</li>`;
}

function place({ position }: Finding): string {
  return position === undefined ? '' : `<code class="place">${escapeHtml(`${position.file}:${position.line}`)}</code>`;
}

function nextPanel({ next }: Report): string {
  if (next === undefined)
    return '<section class="next"><strong>Nothing that files can tell stands in the way.</strong></section>';
  return `<section class="next" aria-labelledby="next"><h2 id="next" style="margin-top:0">Next</h2><p><strong>${escapeHtml(next.title)}</strong> <span class="who">${ownerWords[next.owner]}, about ${next.minutes} minutes</span></p><p>${next.failed} of ${next.subjects}: ${escapeHtml(next.first.message)}</p><p>${escapeHtml(next.remediation)}</p><p>${place(next.first)} <code>nowwhat explain ${next.check}</code></p></section>`;
}

function findingItem(finding: Finding): string {
  const { subject, message, exception } = finding;
  const who = `${subject.kind} ${subject.namespace === '' ? '' : `${subject.namespace}/`}${subject.name}`;
  const accepted =
    exception === undefined
      ? ''
      : ` <span class="meta">accepted by ${escapeHtml(exception.owner)} until ${exception.until}: ${escapeHtml(exception.reason)}</span>`;
  const doing = finding.command === undefined ? '' : ` <code>nowwhat ${escapeHtml(finding.command)}</code>`;
  return `<li>${place(finding)}${escapeHtml(message)}${doing} <span class="meta">${subject.kind === 'App' ? '' : escapeHtml(who)}</span>${accepted}</li>`;
}

function group(report: Report, id: string, findings: readonly Finding[]): string {
  const check = report.catalogue[id];
  if (check === undefined) return '';
  const severity = findings[0]?.severity ?? check.severity;
  const references =
    check.references.length === 0 ? '' : `<p class="meta">${escapeHtml(check.references.join(', '))}</p>`;
  return `<details class="group" data-group data-leg="${check.leg}" data-owner="${check.owner}" data-severity="${severity}"><summary><span class="badge ${severity}">${severity}</span><span class="title">${escapeHtml(check.title)}</span><span class="meta">${findings.length} ${findings.length === 1 ? 'place' : 'places'} · ${legTitles[check.leg]} ${check.level} · ${ownerWords[check.owner]}</span></summary><div class="body"><p>${escapeHtml(check.remediation)} <code>${id}</code></p>${references}<ul>${findings.map(findingItem).join('')}</ul></div></details>`;
}

function grouped(report: Report, verdict: 'fail' | 'unknown'): [string, Finding[]][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of report.findings) {
    if (finding.verdict !== verdict) continue;
    pushTo(groups, finding.check, finding);
  }
  return [...groups];
}

const rank = ['critical', 'high', 'medium', 'low'];

function failing(report: Report): string {
  const groups = grouped(report, 'fail').sort(
    ([, a], [, b]) => rank.indexOf(a[0]?.severity ?? '') - rank.indexOf(b[0]?.severity ?? ''),
  );
  return groups.map(([id, findings]) => group(report, id, findings)).join('\n');
}

function option(value: string, text = value): string {
  return `<option value="${value}">${text}</option>`;
}

function filterForm({ legs }: Report): string {
  const legOptions = legs.map(({ leg }) => option(leg, legTitles[leg])).join('');
  const ownerOptions = Object.entries(ownerWords)
    .map(([value, text]) => option(value, text))
    .join('');
  return `<form id="filter" hidden><label>Leg<select name="leg">${option('', 'all')}${legOptions}</select></label><label>Who<select name="owner">${option('', 'everybody')}${ownerOptions}</select></label><label>Severity<select name="severity">${option('', 'all')}${rank.map((each) => option(each)).join('')}</select></label><label>Text<input name="text" type="search" autocomplete="off"></label><output id="shown"></output></form>`;
}

function unknownSection(report: Report): string {
  const groups = grouped(report, 'unknown');
  if (groups.length === 0) return '';
  const bySettler = new Map<string, string[]>();
  for (const [id] of groups) {
    const settler = report.catalogue[id]?.settledBy ?? 'a look at the target cluster';
    pushTo(bySettler, settler, report.catalogue[id]?.title ?? id);
  }
  const items = [...bySettler].map(
    ([settler, titles]) =>
      `<details class="group"><summary><span class="badge unknown">unknown</span><span class="title">Settled by ${escapeHtml(settler)}</span><span class="meta">${titles.length} checks</span></summary><div class="body"><ul>${titles.map((title) => `<li>${escapeHtml(title)}</li>`).join('')}</ul></div></details>`,
  );
  return `<h2>Not known yet</h2>${items.join('')}`;
}

function unreadSection({ unreadable, notices }: Report): string {
  if (unreadable.length + notices.length === 0) return '';
  const items = unreadable.map(
    ({ position, reason, advice }) =>
      `<div class="note"><code>${escapeHtml(`${position.file}:${position.line}`)}</code> ${escapeHtml(reason)}. ${escapeHtml(advice)}</div>`,
  );
  return `<h2>Not read</h2>${items.join('')}${notices.map((notice) => `<div class="note">${escapeHtml(notice)}</div>`).join('')}`;
}

function headlineOf({ source: { headline } }: Report): string {
  return headline === undefined ? '' : `<p class="facts">${escapeHtml(headline)}</p>`;
}

export const renderHtml: Reporter = (report, { version }) => {
  const name = escapeHtml(report.source.name);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}: from Minikube to production</title>
<style>${pageStyle}</style>
</head>
<body>
<header><h1>${name}</h1><p class="facts">${escapeHtml(sourceWords(report.source))} · Kubernetes ${report.source.kubernetes} · the way to production on four legs</p>${headlineOf(report)}</header>
<main>
<ul class="legs" aria-label="The four legs">${report.legs.map(legCard).join('')}</ul>
${nextPanel(report)}
<h2>What to do</h2>
${filterForm(report)}
${failing(report)}
${unknownSection(report)}
${unreadSection(report)}
</main>
<footer>Made by nowwhat ${escapeHtml(version)}. Green dots are proven, blue ones hold as far as files can tell.</footer>
<script>${pageScript}</script>
</body>
</html>
`;
};
