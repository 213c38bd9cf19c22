// Evidence from YAML and flows in memory, for tests.

import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import type { JsonObject, KubeObject } from '../../model/index.ts';
import { AddressBook, assembleTraffic, type Flow, toPodFact } from '../../traffic/index.ts';
import { parseAnswer } from './answers.ts';
import type { Evidence } from './subject.ts';

const window = {
  sources: [],
  ignored: [],
  ignoredCount: 0,
  sampled: [],
  notSampled: [],
  changes: [],
  jobRuns: [],
  notRun: [],
  gaps: [],
};

export interface Given {
  readonly flows?: readonly Partial<Flow>[];
  readonly answers?: readonly string[];
  readonly keepsUncalled?: boolean;
  readonly api?: Evidence['api'];
  /** True: what is given was read from a cluster, all of it. */
  readonly isLive?: boolean;
}

const cluster = { context: 'c', serverVersion: 'v1.34.0', namespaces: [], notListed: [] };

export function evidenceOf(yaml: string, given: Given = {}): Evidence {
  const read = snapshotOf(yaml);
  const snapshot = given.isLive === true ? { ...read, facts: { ...read.facts, cluster } } : read;
  const inventory = createInventory(snapshot);
  const pods = inventory.ofKind('/Pod').map(({ raw }: KubeObject) => toPodFact(inventory, raw));
  const book = new AddressBook({ inventory, pods, others: [], isComplete: false });
  const flows = (given.flows ?? []).map((flow): Flow => {
    return { from: {}, to: {}, protocol: 'TCP', outcome: 'connected', count: 1, where: 'flows:1', ...flow };
  });
  const sources = flows.length === 0 ? [] : [{ kind: 'flows' as const, name: 'flows', records: flows.length }];
  const report = assembleTraffic({ inventory, book, pods, flows, source: 'app.yaml', window: { ...window, sources } });
  const answers = new Map(
    (given.answers ?? []).map((text) => {
      const answer = parseAnswer(text);
      if (answer === undefined) throw new Error(`no answer: ${text}`);
      return answer;
    }),
  );
  const { keepsUncalled = false, api } = given;
  return { inventory, report, pods, answers, keepsUncalled, ...(api === undefined ? {} : { api }) };
}

export interface App {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly kind?: string;
  readonly container?: JsonObject;
  readonly spec?: JsonObject;
}

/** A Deployment, or another kind with a pod template, as YAML (JSON is YAML). */
export function workload({
  name,
  namespace,
  labels = { app: name },
  kind = 'Deployment',
  container,
  spec,
}: App): string {
  const template = { metadata: { labels }, spec: { containers: [{ name, image: 'a', ...container }], ...spec } };
  const inner = kind === 'CronJob' ? { jobTemplate: { spec: { template } } } : { template };
  const selector = kind === 'CronJob' || kind === 'Job' ? {} : { selector: { matchLabels: labels } };
  const apiVersion = kind === 'CronJob' || kind === 'Job' ? 'batch/v1' : 'apps/v1';
  const metadata = namespace === undefined ? { name } : { name, namespace };
  return JSON.stringify({ apiVersion, kind, metadata, spec: { ...selector, ...inner } });
}

export function service(name: string, spec: JsonObject, namespace?: string): string {
  const metadata = namespace === undefined ? { name } : { name, namespace };
  return JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: name }, ...spec } });
}

export function variables(values: Readonly<Record<string, string>>): JsonObject {
  return { env: Object.entries(values).map(([name, value]) => ({ name, value })) };
}

export function documents(...texts: readonly string[]): string {
  return texts.join('\n---\n');
}
