// The published audit logs: roles that allow each event, and are no wider than the expected ones.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  inferRoles,
  type InferredRoles,
  type SubjectUse,
  type Usage,
  UsageTable,
  type Widening,
} from '../../src/inference/index.ts';
import { AuditLog, type AuditRecord } from '../../src/kube/audit/index.ts';
import { findGrant, grantedRules, rbacObjectsOf, type RbacUser } from '../../src/kube/rbac-authorizer.ts';
import { rightsOfEverybody } from '../../src/kube/rbac-defaults.ts';
import { coversPart, partsOf } from '../../src/kube/rbac-parts.ts';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { sharedFile } from './shared-folder.ts';

const folder = sharedFile('roles from audit events', 'exams/rbac-from-audit');

interface Case {
  readonly name: string;
  readonly user: string;
  readonly options: {
    readonly expandMultipleNamesToUnnamed: boolean;
    readonly expandMultipleNamespacesToClusterScoped: boolean;
  };
  readonly existing: readonly JsonObject[];
  readonly events: readonly JsonObject[];
  readonly expected: readonly JsonObject[];
}

function readCases(): Case[] {
  if (folder === undefined) return [];
  const lines = readFileSync(join(folder, 'cases.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Case);
}

function readRecords(text: string): AuditRecord[] {
  const records: AuditRecord[] = [];
  const log = new AuditLog((record) => records.push(record));
  log.push(text);
  log.end();
  return records;
}

function usageOf(records: readonly AuditRecord[]): Usage {
  const table = new UsageTable({});
  for (const record of records) table.take(record);
  return table.result();
}

function infer({ user, needs }: SubjectUse, widen: readonly Widening[], given: readonly JsonObject[]): InferredRoles {
  return inferRoles(user, needs, { widen, given });
}

function objectsOf({ roles }: InferredRoles): JsonObject[] {
  return roles.flatMap(({ role, binding }) => [role, binding]);
}

/** Rights in a place that a set of objects gives and another does not. */
function widerThan(ours: readonly JsonObject[], expected: readonly JsonObject[], user: RbacUser): unknown[] {
  const namespaces = ['', ...ours.flatMap(({ metadata }) => asString(asObject(metadata)['namespace']) ?? [])];
  return namespaces.flatMap((namespace) => {
    const allowed = grantedRules(rbacObjectsOf(expected), user, namespace).map(({ rule }) => rule);
    const given = grantedRules(rbacObjectsOf(ours), user, namespace).flatMap(({ rule }) => partsOf(rule));
    return given.filter((part) => !coversPart(allowed, part)).map((part) => ({ namespace, ...part }));
  });
}

function widenings({ options }: Case): Widening[] {
  return [
    ...(options.expandMultipleNamesToUnnamed ? (['names'] as const) : []),
    ...(options.expandMultipleNamespacesToClusterScoped ? (['namespaces'] as const) : []),
  ];
}

describe.skipIf(folder === undefined)('the published audit events', () => {
  it.each(readCases())('$name', (published) => {
    const records = readRecords(published.events.map((event) => JSON.stringify(event)).join('\n'));
    const use = usageOf(records).subjects.find(({ user }) => user.name === published.user);
    expect(records).toHaveLength(published.events.length);
    if (use === undefined) throw new Error(`nothing of ${published.user}`);
    for (const widen of [widenings(published), []]) {
      const ours = objectsOf(infer(use, widen, published.existing));
      const objects = rbacObjectsOf([...published.existing, ...ours]);
      for (const { request } of records) expect(findGrant(objects, use.user, request)).toBeDefined();
      expect(widerThan(ours, published.expected, use.user)).toEqual([]);
    }
  });

  it('of the demonstration are allowed user by user, and nothing more', () => {
    const records = readRecords(readFileSync(join(folder ?? '', 'demo.log'), 'utf8'));
    expect(records).toHaveLength(37);
    const { subjects } = usageOf(records);
    for (const given of [rightsOfEverybody, []]) {
      const roles = subjects.map((use) => infer(use, [], given));
      for (const [index, use] of subjects.entries()) {
        const inferred = roles[index];
        if (inferred === undefined) throw new Error('no roles');
        expect(inferred.proof).toMatchObject({ missing: [], beyond: [] });
        const objects = rbacObjectsOf([...given, ...objectsOf(inferred)]);
        for (const { user, impersonated, request, decision } of records) {
          if ((impersonated ?? user).name !== use.user.name) continue;
          expect(findGrant(objects, use.user, request) !== undefined || decision === 'denied').toBe(true);
        }
      }
      const kinds = roles
        .flatMap(objectsOf)
        .map(({ kind, metadata, rules }) => ({ kind, name: asObject(metadata)['name'], rules: asArray(rules).length }));
      expect(kinds).toContainEqual({ kind: 'Role', name: 'bob-api-access', rules: 1 });
      expect(roles.find(({ subject }) => subject.name === 'alice')?.roles).toEqual([]);
    }
  });
});
