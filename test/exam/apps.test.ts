// Real applications: every report is whole, keeps its schema, points into the files, and says nothing twice.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/index.ts';
import { nowwhat, root } from '../e2e/run-cli.ts';
import { sharedFile } from './shared-folder.ts';

const folder = sharedFile('applications', 'apps');
const apps = (folder === undefined ? [] : readdirSync(folder)).filter((name) =>
  statSync(join(folder ?? '', name)).isDirectory(),
);
const schema: object = JSON.parse(readFileSync(join(root, 'docs/schemas/report-v1.schema.json'), 'utf8'));
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);

function keyOf({ check, subject, path = '', message }: Finding): string {
  return [check, subject.kind, subject.namespace, subject.name, subject.container ?? '', path, message].join(' ');
}

/** Lines that findings point to and that their file does not have, or that are empty. */
function lostPositions(findings: readonly Finding[]): unknown[] {
  const texts = new Map<string, string[]>();
  return findings.flatMap(({ check, position }) => {
    if (position === undefined) return [];
    const { file, line } = position;
    const lines = texts.get(file) ?? readFileSync(file, 'utf8').split('\n');
    texts.set(file, lines);
    return (lines[line - 1] ?? '').trim() === '' ? [{ check, file, line }] : [];
  });
}

describe.runIf(apps.length > 0)('of the applications', () => {
  it.each(apps)('%s gets a whole report', (app) => {
    const { status, out, err } = nowwhat(['check', join(folder ?? '', app), '-o', 'json']);
    expect([status, err]).toEqual([1, '']);
    const report = JSON.parse(out);
    validate(report);
    expect(validate.errors).toBeNull();
    expect(report.unreadable).toEqual([]);
    const findings: Finding[] = report.findings;
    expect(lostPositions(findings)).toEqual([]);
    const keys = findings.map(keyOf);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });
});
