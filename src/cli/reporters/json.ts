// The report as JSON, for scripts: schema nowwhat.dev/report/v1, published in docs/schemas.

import type { Report } from '../../journey/index.ts';

/** Findings in one piece: the text of a large report is never in memory as a whole. */
const findingsAtOnce = 500;
const noFindings = '\n  "findings": []';

function* findingPieces(findings: Report['findings']): Generator<string> {
  for (let start = 0; start < findings.length; start += findingsAtOnce) {
    // As a member of an object, the list has the indentation that it has in the report.
    const text = JSON.stringify({ findings: findings.slice(start, start + findingsAtOnce) }, null, 2);
    const items = text.slice(text.indexOf('[') + 1, text.lastIndexOf(']')).trimEnd();
    yield start === 0 ? items : `,${items}`;
  }
}

/** The pieces of `JSON.stringify(report, null, 2)` and a line end, to be written one after the other. */
export function* renderJson(report: Report): Generator<string> {
  const shell = JSON.stringify({ ...report, findings: [] }, null, 2);
  // Texts have no line breaks of their own in JSON, so only the top level's own list can look like this.
  const at = report.findings.length === 0 ? -1 : shell.indexOf(noFindings);
  if (at === -1) {
    yield `${shell}\n`;
    return;
  }
  const open = at + noFindings.length - 1;
  yield shell.slice(0, open);
  yield* findingPieces(report.findings);
  yield `\n  ${shell.slice(open)}\n`;
}
