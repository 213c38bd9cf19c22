// The facts of a cluster for a terminal: one row a fact, in the order in which a newcomer asks.

import type { FactsAnswer } from '../../app/cluster/facts.ts';
import { pushTo } from '../../model/index.ts';
import { hang, padEnd } from '../layout.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';
import { count } from './words.ts';

/** A label, and what is known of it; several lines where there is more to say. */
type Row = readonly [label: string, lines: readonly string[]];

type Found = FactsAnswer['dns']['found'][number];

const labelWidth = 18;

function foundText({ name, version, namespace }: Found): string {
  return `${name}${version === undefined ? '' : ` ${version}`}${namespace === '' ? '' : ` in ${namespace}`}`;
}

function familyLines({ found, complete }: FactsAnswer['dns']): string[] {
  if (found.length > 0) return found.map(foundText);
  return [complete ? 'none' : 'not known: not all programs may be listed'];
}

function versionLines({ version: { server, endOfLife, support } }: FactsAnswer): string[] {
  const until =
    endOfLife === undefined ? 'end of support not known here' : `the community patches it until ${endOfLife}`;
  return [
    `${server}, ${support === 'ended' && endOfLife !== undefined ? `no longer patched since ${endOfLife}` : until}`,
  ];
}

function providerLines({ provider: { name, managed, cloud, evidence } }: FactsAnswer): string[] {
  const control = {
    true: 'the provider runs its control plane',
    false: 'self-managed',
    unknown: 'who runs it is not known',
  };
  const words = [name ?? 'not recognised', ...(cloud === undefined ? [] : [`on ${cloud}`]), control[`${managed}`]];
  return [words.join(', '), ...evidence];
}

/** Nodes that are alike are told together. */
function nodeLines({ nodes: { seen, nodes, kubeProxies } }: FactsAnswer): string[] {
  if (!seen && nodes.length === 0) return ['not known: nodes may not be listed'];
  const groups = new Map<string, string[]>();
  for (const node of nodes) {
    const parts = [node.osImage, `kernel ${node.kernel}`, node.runtime, `kubelet ${node.kubelet}`, node.architecture];
    const text = node.virtual ? 'virtual: no machine' : parts.filter((part) => part !== '').join(', ');
    pushTo(groups, text, node.name);
  }
  const lines = [...groups].map(
    ([text, names]) => `${names.length === 1 ? (names[0] ?? '') : count(names.length, 'node')}: ${text}`,
  );
  return [...lines, ...skewLines(nodes, kubeProxies), ...addressLines(nodes)];
}

type Nodes = FactsAnswer['nodes'];

function skewLines(nodes: Nodes['nodes'], kubeProxies: Nodes['kubeProxies']): string[] {
  const odd = nodes.filter(
    ({ virtual, kubeletSkew }) => !virtual && (kubeletSkew === 'too-old' || kubeletSkew === 'newer'),
  );
  return [
    ...odd.map(
      ({ name, kubelet, kubeletSkew }) =>
        `${name}: kubelet ${kubelet} is ${kubeletSkew === 'newer' ? 'newer than the server' : 'too old for the server'}`,
    ),
    ...kubeProxies.map(
      ({ version, skew }) =>
        `kube-proxy ${version}${skew === 'too-old' || skew === 'newer' ? `: ${skew} for the server` : ''}`,
    ),
  ];
}

function addressLines(nodes: Nodes['nodes']): string[] {
  const open = nodes.filter(({ externalAddresses }) => externalAddresses.length > 0);
  if (nodes.length === 0) return [];
  return [
    open.length === 0
      ? 'no node tells of an external address'
      : `${count(open.length, 'node')} with an external address`,
  ];
}

function networkLines({ network: { plugins, enforcesPolicies, why } }: FactsAnswer): string[] {
  const verdict = {
    true: 'policies are enforced',
    false: 'policies are NOT enforced',
    unknown: 'whether policies are enforced is not known',
  };
  return [...plugins.map(foundText), `${verdict[`${enforcesPolicies}`]}: ${why}`];
}

function entranceLines({ entrances: { controllers, ingressClasses, gatewayClasses } }: FactsAnswer): string[] {
  const classLine =
    (what: string) =>
    (each: (typeof ingressClasses)[number]): string =>
      `${what} ${each.name}${each.isDefault ? ' (default)' : ''}, for ${each.controller}`;
  return [
    ...familyLines(controllers),
    ...ingressClasses.map(classLine('IngressClass')),
    ...gatewayClasses.map(classLine('GatewayClass')),
  ];
}

function meshLines({ mesh }: FactsAnswer): string[] {
  const { mutualTls, why = '' } = mesh;
  return [...familyLines(mesh), ...(mutualTls === undefined ? [] : [`mutual TLS ${mutualTls}: ${why}`])];
}

function monitoringLines({ monitoring: { metricsApi, collectors, prometheuses } }: FactsAnswer): string[] {
  const served = {
    true: 'metrics API served',
    false: 'no metrics API',
    unknown: 'whether the metrics API is served is not known',
  };
  const down = metricsApi.served === true && metricsApi.available === false ? ', and not available' : '';
  return [
    `${served[`${metricsApi.served}`]}${down}`,
    ...familyLines(collectors),
    ...prometheuses.map(
      ({ kind, namespace, name, rules }) =>
        `${kind} ${namespace}/${name} loads rules with ${JSON.stringify(rules.labels ?? 'no selector: none')}`,
    ),
  ];
}

function backupLines({ backups: { tools, schedules, stores } }: FactsAnswer): string[] {
  return [
    ...familyLines(tools),
    ...schedules.map(
      ({ namespace, name, schedule, paused }) =>
        `schedule ${namespace}/${name} at ${schedule}${paused ? ', paused' : ''}`,
    ),
    ...stores.map(
      ({ namespace, name, provider, phase }) =>
        `store ${namespace}/${name} at ${provider}${phase === '' ? '' : `, ${phase}`}`,
    ),
  ];
}

function admissionLines({ admission }: FactsAnswer): string[] {
  const { engines, policies, denyingBindings, podSecurity, webhooks, sawPolicies } = admission;
  const policyLine = sawPolicies
    ? `${count(policies, 'admission policy', 'admission policies')}, ${count(denyingBindings, 'binding')} that deny`
    : 'admission policies may not be listed';
  const open = podSecurity.seen
    ? [
        `Pod Security enforced in ${podSecurity.enforced.length} of ${count(podSecurity.enforced.length + podSecurity.open.length, 'namespace')}`,
      ]
    : [];
  return [
    ...familyLines(engines),
    policyLine,
    ...open,
    ...webhooks.map(
      ({ kind, name, failurePolicy, serviceExists }) =>
        `${kind.toLowerCase()} webhook ${name}, failurePolicy ${failurePolicy}${serviceExists === false ? ', its Service is missing' : ''}`,
    ),
  ];
}

function storageLines({ storage: { seen, classes, snapshotClasses } }: FactsAnswer): string[] {
  if (!seen && classes.length === 0) return ['not known: storage classes may not be listed'];
  return [
    ...classes.map(
      ({ name, isDefault, provisioner, reclaimPolicy, bindingMode, expandable, encrypted }) =>
        `${name}${isDefault ? ' (default)' : ''}: ${provisioner}, ${reclaimPolicy}, ${bindingMode}${expandable ? ', expandable' : ''}${encrypted === true ? ', encrypted' : ''}`,
    ),
    ...snapshotClasses.map(({ name, driver, deletionPolicy }) => `snapshots ${name}: ${driver}, ${deletionPolicy}`),
    ...(classes.length === 0 ? ['no storage class'] : []),
  ];
}

function controlPlaneLines({ controlPlane: { components, audit } }: FactsAnswer): string[] {
  const seen = components.map(({ component, pod }) => `${component} in ${pod}`);
  const recorded = { true: 'audit log on', false: 'audit log OFF', unknown: 'audit log not known' };
  const policy = audit.policyFile === undefined ? '' : `, policy ${audit.policyFile}`;
  return [...(seen.length === 0 ? ['its pods are not seen'] : seen), `${recorded[`${audit.enabled}`]}${policy}`];
}

function kubeletLines({ kubelets: { read, unread } }: FactsAnswer): string[] {
  const settings = new Map<string, string[]>();
  for (const { node, settings: each } of read) {
    const text = Object.entries(each)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ');
    pushTo(settings, text, node);
  }
  const told = [...settings].map(([text, names]) => `${count(names.length, 'kubelet')}: ${text}`);
  const silent = unread.slice(0, 1).map(({ node, why }) => `not read: ${node}, ${why}`);
  return told.length + silent.length === 0 ? ['not asked: their nodes are not known'] : [...told, ...silent];
}

/** What was refused for one reason is told in one row. */
function unreadLines({ unread }: FactsAnswer): string[] {
  const byReason = new Map<string, string[]>();
  for (const { kind, why } of unread) {
    const [group = '', name = ''] = kind.split('/');
    pushTo(byReason, why, group === '' ? `${name} in kube-system` : `${name}.${group}`);
  }
  return [...byReason].map(([why, kinds]) => `${kinds.join(', ')}: ${why}`);
}

function rowsOf(answer: FactsAnswer): readonly Row[] {
  return [
    ['Version', versionLines(answer)],
    ['Provider', providerLines(answer)],
    ['Nodes', nodeLines(answer)],
    ['Network', networkLines(answer)],
    ['DNS', familyLines(answer.dns)],
    ['Ways in', entranceLines(answer)],
    ['Mesh', meshLines(answer)],
    ['Certificates', familyLines(answer.certificates)],
    ['Monitoring', monitoringLines(answer)],
    ['Backups', backupLines(answer)],
    ['Admission', admissionLines(answer)],
    ['Storage', storageLines(answer)],
    ['Control plane', controlPlaneLines(answer)],
    ['Kubelets', kubeletLines(answer)],
    ['Not read', unreadLines(answer)],
  ];
}

export function renderFacts(answer: FactsAnswer, { style, width }: Look): string {
  const { context, savedOn, headline } = answer;
  const title = `${visible(context)}${savedOn === undefined ? '' : `, saved on ${savedOn}`}`;
  const rows = rowsOf(answer).flatMap(([label, lines]) =>
    lines.flatMap((line, index) =>
      hang(`  ${style.dim(padEnd(index === 0 ? label : '', labelWidth))}`, visible(line), width),
    ),
  );
  return ['', `  ${style.bold(title)}`, ...hang('  ', visible(headline), width), '', ...rows, ''].join('\n');
}
