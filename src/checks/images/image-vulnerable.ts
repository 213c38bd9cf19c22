// Judges what scanners have found in each image: severe vulnerabilities that a newer version of a package does not have.

import type { Diagnostic, ImageEvidence, Vulnerability } from '../../model/index.ts';
import { indexEvidence } from './evidence-index.ts';
import { type ContainerImage, imagesMeta } from './image-check.ts';
import { reportCheck } from './report-check.ts';
import { cite, isStale, settledByCommand } from './image-evidence.ts';

type Scan = ImageEvidence & { readonly vulnerabilities: readonly Vulnerability[] };

/** Severe vulnerabilities of a scan, each once: a package may be listed for several files. */
interface Severe {
  readonly scan: Scan;
  readonly fixable: readonly Vulnerability[];
  readonly unclear: readonly Vulnerability[];
}

const severe: readonly Vulnerability['severity'][] = ['critical', 'high'];

function once(vulnerabilities: readonly Vulnerability[]): Vulnerability[] {
  return [...new Map(vulnerabilities.map((each) => [`${each.id} ${each.package}`, each])).values()];
}

function judgeScan(scan: Scan): Severe {
  const found = scan.vulnerabilities.filter(({ severity }) => severe.includes(severity));
  const bySeverity = (fix: Vulnerability['fix']): Vulnerability[] =>
    once(found.filter((each) => each.fix === fix)).sort(
      (a, b) => severe.indexOf(a.severity) - severe.indexOf(b.severity),
    );
  return { scan, fixable: bySeverity('available'), unclear: bySeverity('unknown') };
}

/** The newest scan of each tool: what an older one found is told or gone in the newer one. */
function newestByTool(scans: readonly Scan[]): Scan[] {
  const byTool = new Map<string, Scan>();
  for (const scan of scans) {
    const tool = scan.tool.toLowerCase();
    if (!byTool.has(tool)) byTool.set(tool, scan);
  }
  return [...byTool.values()];
}

function countOf(vulnerabilities: readonly Vulnerability[], severity: Vulnerability['severity']): number {
  return vulnerabilities.filter((each) => each.severity === severity).length;
}

/** `3 critical and 1 high vulnerabilities`. */
function countWords(vulnerabilities: readonly Vulnerability[]): string {
  const counts = severe.flatMap((severity) => {
    const count = countOf(vulnerabilities, severity);
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  return `${counts.join(' and ')} ${vulnerabilities.length === 1 ? 'vulnerability' : 'vulnerabilities'}`;
}

const named = 3;

function listWords(vulnerabilities: readonly Vulnerability[]): string {
  const words = vulnerabilities
    .slice(0, named)
    .map((each) => `${each.id} in ${each.package}${each.fixed === undefined ? '' : ` (fixed in ${each.fixed})`}`);
  const more = vulnerabilities.length - named;
  return `${words.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function worstFirst(a: Severe, b: Severe): number {
  return countOf(b.fixable, 'critical') - countOf(a.fixable, 'critical') || b.fixable.length - a.fixable.length;
}

/** What the fresh scans say. Several tools name one vulnerability differently: the worst report is told, not their sum. */
function judgeScans({ text, path }: ContainerImage, scans: readonly Scan[]): Diagnostic | undefined {
  const judged = scans.map((scan) => judgeScan(scan)).sort(worstFirst);
  const [worst] = judged;
  if (worst !== undefined && worst.fixable.length > 0)
    return {
      message: `image "${text}" has ${countWords(worst.fixable)} with a fix: ${listWords(worst.fixable)}`,
      path,
      evidence: cite(worst.scan),
      severity: countOf(worst.fixable, 'critical') > 0 ? 'critical' : 'high',
    };
  // One tool that knows of fixes and found none settles what another one left open.
  const open = judged.every(({ unclear }) => unclear.length > 0) ? worst : undefined;
  if (open === undefined) return undefined;
  return {
    verdict: 'unknown',
    message: `image "${text}" has ${countWords(open.unclear)}, and the report does not say whether there is a fix: ${listWords(open.unclear)}`,
    path,
    evidence: `${cite(open.scan)}; would be settled by the JSON of the scanner`,
  };
}

function isScan(evidence: ImageEvidence): evidence is Scan {
  return evidence.vulnerabilities !== undefined;
}

function tellNoScan({ text, image, path }: ContainerImage, newest: Scan | undefined): Diagnostic {
  const message =
    newest === undefined
      ? `whether image "${text}" has known vulnerabilities cannot be seen in the input`
      : `whether image "${text}" has known vulnerabilities is not known any more: the report is ${newest.date === undefined ? 'without a date' : `of ${newest.date}`}`;
  const since = newest === undefined ? '' : `${cite(newest)}; `;
  return { verdict: 'unknown', message, path, evidence: `${since}${settledByCommand(image, 'scan')}` };
}

export const imageVulnerable = reportCheck(
  imagesMeta({
    id: 'image-vulnerable',
    title: 'Images have no severe vulnerability that is fixed elsewhere',
    leg: 'security',
    level: 3,
    severity: 'high',
    references: [{ framework: 'OWASP', id: 'K02' }],
    remediation: 'Build the image anew on an updated base, or update the packages that are named.',
    minutes: 60,
    settledBy: 'a report of a scanner on each image that is not older than 30 days, given with --evidence',
  }),
  {
    find: (containerImage, { inventory, options }) => {
      const scans = inventory.derive(indexEvidence).about(containerImage.image).filter(isScan);
      const fresh = scans.filter((scan) => !isStale(scan, options.today));
      if (fresh.length === 0) return tellNoScan(containerImage, scans[0]);
      return judgeScans(containerImage, newestByTool(fresh));
    },
    ask: (images) => `whether ${images} have known vulnerabilities cannot be seen in the input`,
  },
);
