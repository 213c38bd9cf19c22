import { describe, expect, it } from 'vitest';
import {
  configMapKeyProblem,
  dns1035LabelProblem,
  dns1123LabelProblem,
  dns1123SubdomainProblem,
  labelKeyProblem,
  labelValueProblem,
  portNameProblem,
  wildcardSubdomainProblem,
} from './names.ts';

const long = (length: number): string => 'a'.repeat(length);

const cases: readonly [string, (value: string) => string | undefined, readonly string[], readonly string[]][] = [
  [
    'a DNS-1123 label',
    dns1123LabelProblem,
    ['a', '0', 'a-b', 'a--1', long(63)],
    ['', '-', 'a-', '-a', 'A', 'a.b', 'a_b', ' a', 'a\n', long(64)],
  ],
  [
    'a DNS-1123 subdomain',
    dns1123SubdomainProblem,
    ['a', '0.1', 'a.b-c.d', long(253)],
    ['', '.', 'a.', '.a', 'a..b', 'a.-b', 'A.b', 'a_b', long(254)],
  ],
  ['a DNS-1035 label', dns1035LabelProblem, ['a', 'a1', long(63)], ['', '1a', 'a-', 'A', 'a.b', long(64)]],
  ['a wildcard host', wildcardSubdomainProblem, ['*.a.b', '*.a'], ['*', '*.', 'a.*', '*.*.a', '*a.b', 'a.b']],
  [
    'a label key',
    labelKeyProblem,
    ['app', 'App_1.x', 'a.b/c', '1/2', `${long(253)}/${long(63)}`, 'app.kubernetes.io/name'],
    ['', '/a', 'a/', 'a/b/c', 'A.b/c', '-a', 'a-', 'a b', `${long(254)}/a`, long(64)],
  ],
  ['a label value', labelValueProblem, ['', 'a', 'A_b.c-1', long(63)], ['-', 'a-', '.a', 'a/b', 'a b', long(64)]],
  [
    'a port name',
    portNameProblem,
    ['a', 'http', 'p-80', '80a', long(15)],
    ['', '80', 'a--b', '-a', 'a-', 'HTTP', 'a_b', long(16)],
  ],
  ['a ConfigMap key', configMapKeyProblem, ['a', '.env', 'a..b', '-'], ['', '.', '..', '..a', 'a/b', long(254)]],
];

describe.each(cases)('%s', (_, problem, good, bad) => {
  it.each(good)('may be %j', (value) => {
    expect(problem(value)).toBeUndefined();
  });

  it.each(bad)('may not be %j', (value) => {
    expect(problem(value)).toMatch(/must/);
  });
});
