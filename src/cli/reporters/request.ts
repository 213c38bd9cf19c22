// A hand-over note in Markdown: what one person is asked to change, and what to answer.

import { groupByCheck, isOpen, legTitles, type Report, rightsToRead } from '../../journey/index.ts';
import type { Finding, Owner } from '../../model/index.ts';
import { escapeMarkdown } from './markdown.ts';
import { effort, sourceWords, subjectOf } from './words.ts';

const receivers: Readonly<Record<Owner, string>> = {
  developer: 'to the developers of the app',
  'cluster-administrator': 'to the administrator of the cluster',
  provider: 'to the provider of the cluster',
};

/** Places of one check that are listed; the rest is a number. */
const shownPlaces = 20;

function placeLine({ position, message, subject }: Finding): string {
  const where = position === undefined ? subjectOf(subject) : `${position.file}:${position.line}`;
  return `- ${escapeMarkdown(message)}${where === '' ? '' : ` (${escapeMarkdown(where)})`}`;
}

function section({ catalogue }: Report, id: string, findings: readonly Finding[]): string[] {
  const check = catalogue[id];
  if (check === undefined) return [];
  const more = findings.length - shownPlaces;
  const facts = [
    `${legTitles[check.leg]} level ${check.level}`,
    check.severity,
    effort(check.minutes),
    ...check.references,
  ];
  return [
    `### ${escapeMarkdown(check.title)}`,
    '',
    `${escapeMarkdown(check.remediation)} _(${facts.map(escapeMarkdown).join(', ')}; check \`${id}\`)_`,
    '',
    ...findings.slice(0, shownPlaces).map(placeLine),
    ...(more > 0 ? [`- and ${more} more`] : []),
    '',
  ];
}

function sections(report: Report, findings: readonly Finding[]): string[] {
  return [...groupByCheck(findings)].flatMap(([id, group]) => section(report, id, group));
}

/** What speaks against it already: the answer must deal with that. */
function seenLine({ evidence }: Finding): string {
  return `  - seen: ${escapeMarkdown(evidence)}`;
}

/** Questions by what answers them: one look at the control plane answers forty. */
function questions({ catalogue }: Report, asked: readonly Finding[]): string[] {
  const byProof = new Map<string, string[]>();
  for (const [id, findings] of groupByCheck(asked)) {
    const check = catalogue[id];
    if (check === undefined) continue;
    const proof = check.settledBy ?? 'a look at the cluster';
    const places = findings.length === 1 ? '' : `, ${findings.length} places`;
    const line = `- [ ] ${escapeMarkdown(check.title)} (\`${id}\`${places})`;
    byProof.set(proof, [
      ...(byProof.get(proof) ?? []),
      line,
      ...findings.filter(({ seen }) => seen === true).map(seenLine),
    ]);
  }
  return [...byProof].flatMap(([proof, lines]) => [`**Settled by ${escapeMarkdown(proof)}**`, '', ...lines, '']);
}

/** The role that would let the user see what is missing; only an administrator can give it. */
function readingRights({ source }: Report, role: Owner): string[] {
  const yaml = rightsToRead(source.cluster?.notListed ?? []);
  if (yaml === '' || role !== 'cluster-administrator') return [];
  return [
    '## Please let me read',
    '',
    'The report could not see these. A binding to this role is enough; it changes nothing.',
    '',
    '```yaml',
    yaml.trimEnd(),
    '```',
    '',
  ];
}

export function renderRequest(report: Report, role: Owner): string {
  const open = report.findings.filter(isOpen);
  const asked = report.findings.filter(({ verdict }) => verdict === 'unknown');
  const { name, kubernetes } = report.source;
  const lines = [
    `# Request ${receivers[role]}`,
    '',
    `The app **${escapeMarkdown(name)}** (${escapeMarkdown(sourceWords(report.source))}, judged for Kubernetes ${kubernetes}) is on its way to production. These points are in your hands.`,
    '',
    ...(open.length === 0 ? [] : ['## Please change', '', ...sections(report, open)]),
    ...(asked.length === 0
      ? []
      : [
          '## Please answer',
          '',
          `${report.source.kind === 'files' ? 'Files' : 'What could be read of the cluster'} cannot tell whether these hold. A tick with its evidence is enough.`,
          '',
          ...questions(report, asked),
        ]),
    ...readingRights(report, role),
    ...(open.length + asked.length === 0 ? ['Nothing is left for you to do.', ''] : []),
  ];
  return lines.join('\n');
}
