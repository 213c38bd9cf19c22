// Which admission webhooks the objects of a restore would meet, and whether those can answer: pure.

import { compileSelector } from '../../../kube/selectors.ts';
import { asArray, asObject, asString, type Json, type JsonObject } from '../../../model/index.ts';
import { finding, type PreflightFinding } from './finding.ts';
import type { NeededResource, Needs } from './needs.ts';
import { nameOf, namespaceOf, type Surroundings } from './surroundings.ts';

const configurations = [
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
];

function includes(list: Json | undefined, value: string): boolean {
  return asArray(list).some((each) => each === '*' || each === value);
}

/** Creates and updates are what a restore does. */
function meets(rule: JsonObject, { group, version, resource }: NeededResource): boolean {
  const isWrite = includes(rule['operations'], 'CREATE') || includes(rule['operations'], 'UPDATE');
  const isKind = includes(rule['apiGroups'], group) && includes(rule['apiVersions'], version);
  return isWrite && isKind && (includes(rule['resources'], resource) || includes(rule['resources'], '*/*'));
}

/** Namespaces that the webhook's selector takes; objects of the cluster meet it in any case. */
function meetsNamespaces(webhook: JsonObject, needs: Needs, there: readonly JsonObject[]): boolean {
  if (webhook['namespaceSelector'] === undefined) return true;
  const selector = compileSelector(webhook['namespaceSelector']);
  return [...needs.totals.keys()].some((namespace) => {
    const live = asObject(asObject(there.find((each) => nameOf(each) === namespace)?.['metadata'])['labels']);
    const labels = { ...(needs.namespaces.get(namespace) ?? live), 'kubernetes.io/metadata.name': namespace };
    return selector.matches(labels);
  });
}

/** Why nobody would answer; nothing where somebody would, or where that cannot be told. */
function silence(webhook: JsonObject, { of }: Surroundings): string | undefined {
  const { service } = asObject(webhook['clientConfig']);
  const [services, slices] = [of('services'), of('endpointslices.discovery.k8s.io')];
  if (service === undefined || services === undefined || slices === undefined) return undefined;
  const { namespace, name } = asObject(service);
  const isHere = (object: JsonObject): boolean => namespaceOf(object) === namespace;
  const title = `${asString(namespace) ?? ''}/${asString(name) ?? ''}`;
  if (!services.some((each) => isHere(each) && nameOf(each) === name)) return `its Service ${title} is not there`;
  const isReady = slices.some((each) => {
    const labels = asObject(asObject(each['metadata'])['labels']);
    const endpoints = asArray(each['endpoints']).map(asObject);
    const isOf = isHere(each) && labels['kubernetes.io/service-name'] === name;
    return isOf && endpoints.some(({ conditions }) => asObject(conditions)['ready'] !== false);
  });
  return isReady ? undefined : `no pod of its Service ${title} is ready`;
}

function judge(webhook: JsonObject, met: readonly string[], surroundings: Surroundings): PreflightFinding {
  const title = asString(webhook['name']) ?? '';
  const isStrict = webhook['failurePolicy'] !== 'Ignore';
  const why = silence(webhook, surroundings);
  if (why !== undefined && isStrict)
    return finding('problem', 'webhook', `${title} must agree to what is created, and ${why}`, met);
  const who = isStrict ? 'must agree to what is created' : 'is asked about what is created';
  return finding('note', 'webhook', `${title} ${who}`, met);
}

export function findWebhooks(needs: Needs, surroundings: Surroundings): PreflightFinding[] {
  const there = surroundings.of('namespaces') ?? [];
  return configurations.flatMap((configuration) => {
    const listed = surroundings.of(configuration);
    if (listed === undefined) return [finding('unknown', 'webhook', `${configuration} may not be listed`)];
    return listed.flatMap((each) =>
      asArray(each['webhooks'])
        .map(asObject)
        .flatMap((webhook) => {
          const rules = asArray(webhook['rules']).map(asObject);
          const met = [...needs.resources].flatMap(([name, resource]) =>
            rules.some((rule) => meets(rule, resource)) ? [name] : [],
          );
          return met.length > 0 && meetsNamespaces(webhook, needs, there) ? [judge(webhook, met, surroundings)] : [];
        }),
    );
  });
}
