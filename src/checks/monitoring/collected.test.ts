import { describe, expect, it } from 'vitest';
import { runOnText } from '../run-on-text.ts';
import { metricsNotScraped } from './metrics-not-scraped.ts';
import { monitorPortMissing } from './monitor-port-missing.ts';
import { monitorSelectsNothing } from './monitor-selects-nothing.ts';

const web = (annotations = '') => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}, annotations: {${annotations}}}
    spec: {containers: [{name: web, image: web}]}
`;
const service = (annotations = '', ports = '[{name: metrics, port: 9090}]') => `---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {app: web}, annotations: {${annotations}}}
spec: {selector: {app: web}, ports: ${ports}}
`;
const monitor = (kind: string, namespace: string, spec = '') => `---
apiVersion: ${kind === 'PodMonitoring' ? 'monitoring.googleapis.com/v1' : kind.startsWith('VM') ? 'operator.victoriametrics.com/v1beta1' : 'monitoring.coreos.com/v1'}
kind: ${kind}
metadata: {name: web, namespace: ${namespace}}
spec: {selector: {matchLabels: {app: web}}${spec}}
`;
const outcome = (text: string) => runOnText(metricsNotScraped, text).outcome;

describe('metrics are collected', () => {
  it.each([
    ['by an annotation of the pods', web('prometheus.io/scrape: "true"')],
    ['by an annotation of Datadog', web('ad.datadoghq.com/web.checks: "{}"')],
    ['by OpenTelemetry', web('instrumentation.opentelemetry.io/inject-sdk: "true"')],
    ['by an annotation of the Service', web() + service('prometheus.io/scrape: "true"')],
    ['by a ServiceMonitor', web() + service() + monitor('ServiceMonitor', 'shop')],
    ['by a scrape of VictoriaMetrics', web() + service() + monitor('VMServiceScrape', 'shop')],
    ['by a PodMonitor', web() + monitor('PodMonitor', 'shop')],
    ['by a PodMonitoring of Google', web() + monitor('PodMonitoring', 'shop')],
    ['by a pod scrape of VictoriaMetrics', web() + monitor('VMPodScrape', 'shop')],
    ['from all namespaces', web() + monitor('PodMonitor', 'ops', ', namespaceSelector: {any: true}')],
    ['from a list of namespaces', web() + monitor('PodMonitor', 'ops', ', namespaceSelector: {matchNames: [a, shop]}')],
    ['of Services in all', web() + service() + monitor('ServiceMonitor', 'ops', ', namespaceSelector: {any: true}')],
    [
      'of Services in a list',
      web() + service() + monitor('ServiceMonitor', 'ops', ', namespaceSelector: {matchNames: [shop]}'),
    ],
  ])('%s', (_, text) => {
    expect(outcome(text)).toBe('pass');
  });
});

describe('metrics are not collected', () => {
  it.each([
    ['where nobody says so', web() + service()],
    ['where the annotation says no', web('prometheus.io/scrape: "false"')],
    [
      'where another annotation says yes',
      web('example.com/prometheus.io/scrape: "true", prometheus.io/scrape-slow: "true"'),
    ],
    ['by a monitor of another namespace', web() + service() + monitor('ServiceMonitor', 'ops')],
    ['by a PodMonitor of another namespace', web() + monitor('PodMonitor', 'ops')],
    ['from a list of others', web() + monitor('PodMonitor', 'shop', ', namespaceSelector: {matchNames: [ops]}')],
    ['by a monitor of Services where there is none', web() + monitor('ServiceMonitor', 'shop')],
  ])('%s', (_, text) => {
    expect(outcome(text)).toBe('fail');
  });
});

describe('a ServiceMonitor', () => {
  const endpoints = ', endpoints: [{targetPort: 1}, {port: metrics}, {port: web}]';

  it('is told of a port that its Services do not have', () => {
    const told = (ports: string) =>
      runOnText(monitorPortMissing, service('', ports) + monitor('ServiceMonitor', 'shop', endpoints)).findings;
    expect(told('[{name: metrics, port: 9090}, {port: 80}]')).toEqual([
      expect.objectContaining({ path: '/spec/endpoints/2/port', evidence: "names of the Service's ports: metrics" }),
    ]);
    expect(told('[{port: 80}]').map(({ evidence }) => evidence)).toEqual(
      Array(2).fill("names of the Service's ports: none"),
    );
    expect(told('[{name: metrics, port: 1}, {name: web, port: 2}]')).toEqual([]);
  });

  it('that selects no Service is told by another check', () => {
    expect(runOnText(monitorPortMissing, monitor('ServiceMonitor', 'shop', endpoints)).outcome).toBe('not-applicable');
    expect(runOnText(monitorSelectsNothing, monitor('ServiceMonitor', 'shop', endpoints)).outcome).toBe('fail');
  });
});
