// SARIF 2.1.0, as GitHub code scanning takes it.

import { createHash } from 'node:crypto';
import { isAbsolute, relative } from 'node:path';
import type { Log, ReportingDescriptor, Result } from 'sarif';
import { fingerprint, type Report } from '../../journey/index.ts';
import type { Finding, Position, Severity } from '../../model/index.ts';
import { visible } from '../style.ts';
import type { Reporter } from './reporter.ts';

/** GitHub sorts by this number: over 9 is critical, over 7 high, over 4 medium. */
const securitySeverity: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
};
const levelOf: Readonly<Record<Severity, Result.level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
};

function toUri(file: string): string {
  const path = isAbsolute(file) ? relative(process.cwd(), file) : file;
  return path.split('/').map(encodeURIComponent).join('/');
}

function toLocation({ file, line, column }: Position): NonNullable<Result['locations']>[number] {
  return {
    physicalLocation: {
      artifactLocation: { uri: toUri(file), uriBaseId: '%SRCROOT%' },
      region: { startLine: Math.max(1, line), startColumn: Math.max(1, column) },
    },
  };
}

function toRule([id, check]: [string, Report['catalogue'][string]]): ReportingDescriptor {
  return {
    id,
    name: id,
    shortDescription: { text: check.title },
    fullDescription: { text: check.title },
    help: { text: check.remediation, markdown: check.remediation },
    defaultConfiguration: {
      level: levelOf[check.severity] === 'none' ? 'note' : (levelOf[check.severity] as 'error' | 'warning' | 'note'),
    },
    properties: {
      tags: [
        check.leg,
        check.family,
        `owner:${check.owner}`,
        ...check.references.map((reference) => reference.replaceAll(' ', '/')),
      ],
      precision: 'high',
      ...(check.leg === 'security' ? { 'security-severity': securitySeverity[check.severity] } : {}),
    },
  };
}

function toResult(finding: Finding): Result {
  const { check, severity, message, position, exception, subject } = finding;
  const name = `${subject.kind} ${subject.namespace === '' ? '' : `${subject.namespace}/`}${subject.name}`;
  return {
    ruleId: check,
    level: levelOf[severity],
    message: { text: visible(`${message} (${name})`) },
    // A finding about the app as a whole has no line; code scanning wants one all the same.
    locations: [toLocation(position ?? { file: '.', line: 1, column: 1 })],
    partialFingerprints: { 'nowwhat/v1': createHash('sha256').update(fingerprint(finding)).digest('hex').slice(0, 32) },
    ...(exception === undefined
      ? {}
      : {
          suppressions: [
            {
              kind: 'external',
              status: 'accepted',
              justification: visible(`${exception.reason} (${exception.owner}, until ${exception.until})`),
            },
          ],
        }),
  };
}

export const renderSarif: Reporter = (report, { version }) => {
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'nowwhat', semanticVersion: version, rules: Object.entries(report.catalogue).map(toRule) },
        },
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The folder that the program was run in.' } } },
        columnKind: 'utf16CodeUnits',
        results: report.findings.filter(({ verdict }) => verdict === 'fail').map(toResult),
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: report.unreadable.map(({ position, reason, code }) => ({
              level: 'warning',
              descriptor: { id: code },
              message: { text: visible(reason) },
              locations: [toLocation(position)],
            })),
          },
        ],
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};
