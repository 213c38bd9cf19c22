// `request`: a hand-over note in Markdown for the person who must act.

import { judge } from '../../app/judge.ts';
import { readConfig } from '../../app/read-config.ts';
import { legTitles, type Report } from '../../journey/index.ts';
import type { Finding, Owner } from '../../model/index.ts';
import type { Io } from '../io.ts';
import type { ReportFlags } from '../options.ts';
import { escapeMarkdown } from '../reporters/markdown.ts';
import { writeOutput } from '../write-output.ts';
import { readInputs } from './report.ts';

const greetings: Readonly<Record<Owner, string>> = {
  developer: 'to the developers of the app',
  'cluster-administrator': 'to the administrator of the cluster',
  provider: 'to the provider of the cluster',
};

function section(report: Report, id: string, findings: readonly Finding[]): string[] {
  const check = report.catalogue[id];
  if (check === undefined) return [];
  const references = check.references.length === 0 ? '' : ` (${check.references.join(', ')})`;
  const places = findings.slice(0, 20).map(({ position, message, verdict }) => {
    const where = position === undefined ? '' : ` (${escapeMarkdown(`${position.file}:${position.line}`)})`;
    return `- ${verdict === 'unknown' ? 'open question: ' : ''}${escapeMarkdown(message)}${where}`;
  });
  const more = findings.length > 20 ? [`- and ${findings.length - 20} more`] : [];
  return [
    `### ${check.title}`,
    '',
    `${check.remediation} ${legTitles[check.leg]} level ${check.level}, ${check.severity}${references}.`,
    '',
    ...places,
    ...more,
    '',
  ];
}

function note(report: Report, role: Owner): string {
  const mine = report.findings.filter(({ owner, exception }) => owner === role && exception === undefined);
  const groups = (verdict: 'fail' | 'unknown'): string[] => {
    const found = mine.filter((finding) => finding.verdict === verdict);
    return [...new Set(found.map(({ check }) => check))].flatMap((id) =>
      section(
        report,
        id,
        found.filter(({ check }) => check === id),
      ),
    );
  };
  const todo = groups('fail');
  const asked = groups('unknown');
  const lines = [
    `# Request ${greetings[role]}`,
    '',
    `The app **${escapeMarkdown(report.source.name)}** (${report.source.objects} objects, Kubernetes ${report.source.kubernetes}) is on its way to production. These points are in your hands.`,
    '',
    ...(todo.length === 0 ? [] : ['## Please change', '', ...todo]),
    ...(asked.length === 0
      ? []
      : ['## Please answer', '', 'Files cannot tell these. A yes with its evidence is enough.', '', ...asked]),
    ...(todo.length + asked.length === 0 ? ['Nothing is left for you to do.', ''] : []),
  ];
  return `${lines.join('\n')}\n`;
}

export async function runRequest(
  inputs: readonly string[],
  flags: Omit<ReportFlags, 'output'> & { readonly role: Owner },
  io: Io,
): Promise<number> {
  const { config } = await readConfig(inputs[0] ?? '.', flags.config);
  const snapshot = await readInputs(inputs, flags, config, io);
  const report = await judge({
    snapshot,
    target: flags.target ?? config.target ?? 'self-managed',
    exceptions: [],
    options: { minor: snapshot.facts.minor, today: io.today, allowedRegistries: config.allowedRegistries ?? [] },
  });
  await writeOutput(note(report, flags.role), flags.outputFile, io);
  return 0;
}
