// Whether a cluster has what a restore needs, before anything is written: pure.

import { judgePodSecurity, newestPodSecurityMinor } from '../../../kube/pod-security/index.ts';
import { addQuantities, compareQuantities, formatQuantity, parseQuantity } from '../../../kube/quantities.ts';
import { asArray, asNumber, asObject, asString, type Json, type JsonObject, pushTo } from '../../../model/index.ts';
import { finding, type PreflightFinding } from './finding.ts';
import { judgeImages } from './images.ts';
import type { Presence } from './presence.ts';
import { classResources, type Needs } from './needs.ts';
import { type Listed, nameOf, namespaceOf, type Surroundings } from './surroundings.ts';
import { findWebhooks } from './webhooks.ts';

function unknown(about: string, what: string): PreflightFinding {
  return finding('unknown', about, `${what} may not be listed`);
}

function judgeClasses(needs: Needs, { of }: Surroundings): PreflightFinding[] {
  const wanted = new Map<string, string[]>();
  for (const { resource, name, by } of needs.classes) pushTo(wanted, `${resource} ${name}`, by);
  const unread = new Set<string>();
  const missing = [...wanted].flatMap(([key, by]): PreflightFinding[] => {
    const [resource = '', name = ''] = key.split(' ');
    const about = classResources[resource as keyof typeof classResources];
    const there = of(resource);
    if (there === undefined) unread.add(resource);
    const isBuiltIn = resource.startsWith('priorityclasses') && name.startsWith('system-');
    const isThere = there === undefined || needs.brought.has(key) || there.some((each) => nameOf(each) === name);
    return isThere || isBuiltIn ? [] : [finding('problem', about, `there is no ${about} "${name}"`, by)];
  });
  const unknowns = [...unread].map((each) => unknown(classResources[each as keyof typeof classResources], each));
  return [...missing, ...unknowns];
}

function portKey(protocol: Json | undefined, port: Json | undefined): string {
  return `${asNumber(port) ?? 0}/${asString(protocol) ?? 'TCP'}`;
}

function judgePorts(needs: Needs, { of }: Surroundings): PreflightFinding[] {
  if (needs.ports.length === 0) return [];
  const services = of('services');
  if (services === undefined) return [unknown('node port', 'services of all namespaces')];
  const taken = new Map<string, string>();
  for (const service of services)
    for (const { protocol, nodePort } of asArray(asObject(service['spec'])['ports']).map(asObject))
      if (asNumber(nodePort) !== undefined)
        taken.set(portKey(protocol, nodePort), `${namespaceOf(service)}/${nameOf(service)}`);
  return needs.ports.flatMap(({ by, protocol, port }) => {
    const owner = taken.get(portKey(protocol, port));
    return owner === undefined || by === `services ${owner}`
      ? []
      : [finding('problem', 'node port', `${port} is taken by the Service ${owner}`, [by])];
  });
}

/** What would be over a quota's limit with what there is already. */
function judgeQuota(quota: JsonObject, needs: Needs): PreflightFinding[] {
  const spec = asObject(quota['spec']);
  // A quota of some pods only: which, is decided when they are there.
  if (spec['scopes'] !== undefined || spec['scopeSelector'] !== undefined) return [];
  const { hard, used } = asObject(quota['status']);
  const totals = needs.totals.get(namespaceOf(quota));
  return Object.entries(asObject(hard ?? spec['hard'])).flatMap(([name, limit]): PreflightFinding[] => {
    const wanted = totals?.get(aliases.get(name) ?? name);
    const most = parseQuantity(asString(limit) ?? '');
    if (wanted === undefined || most === undefined) return [];
    const there = parseQuantity(asString(asObject(used)[name]) ?? '0');
    const sum = there === undefined ? wanted : addQuantities(there, wanted);
    if (compareQuantities(sum, most) <= 0) return [];
    const title = `${namespaceOf(quota)}/${nameOf(quota)}`;
    const message = `${title} allows ${name} of ${formatQuantity(most)}, and it would be ${formatQuantity(sum)}`;
    return [finding('problem', 'quota', message)];
  });
}

const aliases: ReadonlyMap<string, string> = new Map([
  ['cpu', 'requests.cpu'],
  ['memory', 'requests.memory'],
]);

function judgeQuotas(needs: Needs, { of }: Surroundings): PreflightFinding[] {
  const quotas = of('resourcequotas');
  if (quotas === undefined) return [unknown('quota', 'resource quotas of the namespaces')];
  return quotas.flatMap((quota) => judgeQuota(quota, needs));
}

interface Limit {
  readonly range: string;
  readonly namespace: string;
  readonly name: string;
  readonly max: Json | undefined;
}

function limitsOf(ranges: readonly JsonObject[]): Limit[] {
  return ranges.flatMap((range) =>
    asArray(asObject(range['spec'])['limits'])
      .map(asObject)
      .filter(({ type }) => type === 'Container')
      .flatMap(({ max }) =>
        Object.entries(asObject(max)).map(([name, value]) => ({
          range: `${namespaceOf(range)}/${nameOf(range)}`,
          namespace: namespaceOf(range),
          name,
          max: value,
        })),
      ),
  );
}

function isOver(limit: Limit, container: JsonObject): boolean {
  const { requests, limits } = asObject(container['resources']);
  const max = parseQuantity(asString(limit.max) ?? '');
  return [requests, limits].some((each) => {
    const value = parseQuantity(asString(asObject(each)[limit.name]) ?? '');
    return value !== undefined && max !== undefined && compareQuantities(value, max) > 0;
  });
}

function judgeLimits(needs: Needs, { of }: Surroundings): PreflightFinding[] {
  const ranges = of('limitranges');
  if (ranges === undefined) return [unknown('limit range', 'limit ranges of the namespaces')];
  return limitsOf(ranges).flatMap((limit) => {
    const over = needs.pods.filter(
      ({ namespace, template }) =>
        namespace === limit.namespace &&
        asArray(asObject(template['spec'])['containers']).some((each) => isOver(limit, asObject(each))),
    );
    const message = `${limit.range} allows a container ${limit.name} of ${asString(limit.max) ?? ''} at most`;
    return over.length === 0
      ? []
      : [
          finding(
            'problem',
            'limit range',
            message,
            over.map(({ by }) => by),
          ),
        ];
  });
}

const podSecurity = 'pod-security.kubernetes.io/enforce';

function labelsOf(namespace: string, needs: Needs, there: Listed): JsonObject {
  const live = there?.find((each) => nameOf(each) === namespace);
  return needs.namespaces.get(namespace) ?? asObject(asObject(live?.['metadata'])['labels']);
}

/** A policy version as a label has it; the server's own where it says `latest` or nothing. */
function policyMinor(version: Json | undefined, server: number): number {
  const [, minor] = /^v1\.(\d+)$/.exec(asString(version) ?? '') ?? [];
  return minor === undefined ? server || newestPodSecurityMinor : Number(minor);
}

function judgePodSecurityOf(needs: Needs, { of, minor }: Surroundings): PreflightFinding[] {
  const there = of('namespaces');
  const findings = needs.pods.flatMap(({ by, namespace, template }) => {
    const labels = labelsOf(namespace, needs, there);
    const level = labels[podSecurity];
    if (level !== 'baseline' && level !== 'restricted') return [];
    const pod = { metadata: asObject(template['metadata']), spec: asObject(template['spec']) };
    const broken = judgePodSecurity(pod, level, policyMinor(labels[`${podSecurity}-version`], minor));
    const controls = [...new Set(broken.map(({ control }) => control))].join(', ');
    return broken.length === 0
      ? []
      : [{ by, message: `${namespace} enforces ${level}, which pods break by ${controls}` }];
  });
  const byMessage = new Map<string, string[]>();
  for (const { by, message } of findings) pushTo(byMessage, message, by);
  const problems = [...byMessage].map(([message, by]) => finding('problem', 'pod security', message, by));
  return there === undefined ? [...problems, unknown('pod security', 'namespaces')] : problems;
}

/** The problems first. `answers`: what registries say of images, where they were asked. */
export function judgeNeeds(
  needs: Needs,
  surroundings: Surroundings,
  answers: ReadonlyMap<string, Presence> = new Map(),
): readonly PreflightFinding[] {
  const findings = [
    ...judgeClasses(needs, surroundings),
    ...judgePorts(needs, surroundings),
    ...judgeQuotas(needs, surroundings),
    ...judgeLimits(needs, surroundings),
    ...judgePodSecurityOf(needs, surroundings),
    ...findWebhooks(needs, surroundings),
    ...judgeImages(needs, surroundings, answers),
  ];
  const rank = { problem: 0, unknown: 1, note: 2 } as const;
  return findings.toSorted((a, b) => rank[a.level] - rank[b.level]);
}
