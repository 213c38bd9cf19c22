import { describe, expect, it } from 'vitest';
import type { Check } from '../check.ts';
import { runOnText } from '../run-on-text.ts';
import { alertWithoutDuration } from './alert-without-duration.ts';
import { alertWithoutRunbook } from './alert-without-runbook.ts';
import { alertWithoutSeverity } from './alert-without-severity.ts';
import { alertsMissing } from './alerts-missing.ts';
import { dashboardMissing } from './dashboard-missing.ts';
import { logsToFile } from './logs-to-file.ts';
import { objectivesMissing } from './objectives-missing.ts';

const pod = (container = 'tty: false', field = 'containers') => `---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {${field}: [{name: web, image: web, ${container}}]}
`;
const rules = (...list: string[]) => `---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: web}
spec: {groups: [{name: web, rules: [{record: a, expr: b}, ${list.join(', ')}]}]}
`;
const any = (apiVersion: string, kind: string, metadata = 'name: web') => `---
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {${metadata}}
`;
const outcome = (check: Check, text: string) => runOnText(check, text).outcome;

describe('an app', () => {
  const missing = [dashboardMissing, objectivesMissing, alertsMissing];

  it.each(missing.map((check) => [check.meta.id, check] as const))('without workloads is not asked: %s', (_, check) => {
    expect(outcome(check, pod())).toBe('fail');
    expect(outcome(check, any('v1', 'ConfigMap'))).toBe('not-applicable');
  });

  it.each([
    [any('grafana.integreatly.org/v1beta1', 'GrafanaDashboard')],
    [any('perses.dev/v1alpha1', 'PersesDashboard')],
    [any('v1', 'ConfigMap', 'name: web, labels: {app: web, grafana_dashboard: "1"}')],
  ])('has a dashboard: %s', (text) => {
    expect(outcome(dashboardMissing, pod() + text)).toBe('pass');
  });

  it.each([
    [any('sloth.slok.dev/v1', 'PrometheusServiceLevel')],
    [any('pyrra.dev/v1alpha1', 'ServiceLevelObjective')],
    [rules('{alert: Slow, expr: "slo:burn > 1"}')],
    [rules('{alert: ErrorBudgetBurn}')],
  ])('has an objective: %s', (text) => {
    expect(outcome(objectivesMissing, pod() + text)).toBe('pass');
  });

  it('has no objective with an alert of another sort', () => {
    expect(outcome(objectivesMissing, pod() + rules('{alert: Down, expr: up == 0}'))).toBe('fail');
  });
});

describe('alerts', () => {
  it.each([
    ['{summary: a, runbook_url: b}', 'pass'],
    ['{description: a, runbook_url: b}', 'pass'],
    ['{message: a, runbook_url: b}', 'pass'],
    ['{summary: a}', 'fail'],
    ['{runbook_url: b}', 'fail'],
  ])('with annotations %s: %s', (annotations, verdict) => {
    expect(outcome(alertWithoutRunbook, rules(`{alert: A, annotations: ${annotations}}`))).toBe(verdict);
  });

  it.each(
    [alertWithoutRunbook, alertWithoutDuration, alertWithoutSeverity].map((check) => [check.meta.id, check] as const),
  )('are asked for %s, and recordings are not', (_, check) => {
    expect(outcome(check, rules())).toBe('not-applicable');
    expect(runOnText(check, rules('{alert: A}', '{alert: B}')).findings.map(({ path }) => path)).toEqual([
      expect.stringMatching(/^\/spec\/groups\/0\/rules\/1/),
      expect.stringMatching(/^\/spec\/groups\/0\/rules\/2/),
    ]);
  });
});

describe('logs', () => {
  it.each([
    ['env: [{name: A, value: /b}, {name: LOG_FILE, value: /var/log/web.log}]', 'env/1', 'env[1]'],
    ['args: [serve, --log-file=/var/log/web.log]', 'args/1', 'args[1]'],
    ['args: [--log-dir, /var/log]', 'args/0', 'args[0]'],
    ['command: [web, -log_path=web.log]', 'command/1', 'command[1]'],
  ])('go to a file: %s', (container, path, place) => {
    expect(runOnText(logsToFile, pod(container)).findings).toEqual([
      expect.objectContaining({ path: `/spec/containers/0/${path}`, evidence: `${place} names a log file` }),
    ]);
  });

  it.each([
    ['env: [{name: LOG_FILE, value: /dev/stdout}]'],
    ['env: [{name: LOG_FILE, value: "off"}]'],
    ['env: [{name: OTHER_FILE, value: /var/lib/x}]'],
    ['args: [--log-file=/dev/stdout]'],
    ['args: [--log-file, /dev/stderr]'],
    ['args: [--log-file=]'],
    ['args: [--log-file]'],
    ['args: [--log-level=debug, --catalog-file=/x]'],
  ])('do not go to a file: %s', (container) => {
    expect(outcome(logsToFile, pod(container))).toBe('pass');
  });

  it('of what runs before the app do not matter', () => {
    const text = pod('args: [--log-file=/x]', 'containers: [{name: a, image: a}], initContainers');
    expect(outcome(logsToFile, text)).toBe('pass');
  });
});
