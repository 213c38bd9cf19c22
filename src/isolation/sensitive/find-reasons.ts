// Why a workload is worth more to an intruder than others: what it keeps, what it knows, who it is, and who reaches it.

import { isDataStore, isDatabase } from '../../checks/data-stores.ts';
import { escalationsIn, wayText } from '../../checks/rbac/escalation/index.ts';
import { arrivalsOf, type Inventory, type Workload } from '../../inventory/index.ts';
import { accountOf, isStaticPod, projectsApiToken, tokenMount } from '../../inventory/rights/accounts.ts';
import { cloudIdentityOf } from '../../inventory/rights/cloud-identity.ts';
import { bindingsOf, isBootstrapped, rulesOf, subjectText } from '../../inventory/rights/bindings.ts';
import { ruleCovers } from '../../kube/rbac.ts';
import { judgePodSecurity } from '../../kube/pod-security/index.ts';
import { asArray, asObject, asString, type KubeObject, valueAt } from '../../model/index.ts';

/** `data` and `secrets` it holds, `identity` it has, `node` it can leave to, `outside` can reach it. */
export type ReasonKind = 'data' | 'secrets' | 'identity' | 'node' | 'outside';

export interface Reason {
  readonly kind: ReasonKind;
  /** Begins a sentence whose subject is the workload: `keeps data in claim "db"`. */
  readonly text: string;
}

export interface Setting {
  readonly inventory: Inventory;
  /** Target Kubernetes 1.N. */
  readonly minor: number;
}

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `"${name}"`);
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

function dataReasons(workload: Workload): Reason[] {
  if (!isDataStore(workload)) return [];
  const claims = asArray(workload.spec['volumes']).flatMap(
    (volume) => asString(asObject(asObject(volume)['persistentVolumeClaim'])['claimName']) ?? [],
  );
  const templates = asArray(valueAt(workload.object.raw, ['spec', 'volumeClaimTemplates'])).flatMap(
    (claim) => asString(asObject(asObject(claim)['metadata'])['name']) ?? [],
  );
  const names = [...claims, ...templates];
  const where =
    names.length === 0
      ? 'in a database, cache or broker'
      : `in ${names.length === 1 ? 'claim' : 'claims'} ${quoted(names)}`;
  return [{ kind: 'data', text: `keeps ${workload.containers.some(isDatabase) ? 'a database' : 'data'} ${where}` }];
}

/** Secrets that the program gets; those to pull its image are the node's. */
function secretReasons({ inventory }: Setting, workload: Workload): Reason[] {
  const references = inventory.referencesFrom(workload.object);
  const names = references
    .filter(({ kind, use }) => kind === 'Secret' && use !== 'imagePullSecret')
    .map(({ name }) => name);
  const distinct = [...new Set(names)].sort();
  if (distinct.length === 0) return [];
  return [{ kind: 'secrets', text: `is given ${distinct.length === 1 ? 'Secret' : 'Secrets'} ${quoted(distinct)}` }];
}

const readsSecrets = ['get', 'list', 'watch'].map((verb) => ({ verb, group: '', resource: 'secrets' }));

function canReadSecrets({ inventory }: Setting, workload: Workload): boolean {
  return bindingsOf(inventory, accountOf(workload))
    .filter(({ object }) => !isBootstrapped(object))
    .some(({ role }) =>
      rulesOf(inventory, role)?.some((rule) => readsSecrets.some((asked) => ruleCovers(rule, asked))),
    );
}

function identityReasons(setting: Setting, workload: Workload): Reason[] {
  const { inventory, minor } = setting;
  const cloud = cloudIdentityOf(inventory, workload);
  const reasons: Reason[] = cloud === undefined ? [] : [{ kind: 'identity', text: `is ${cloud.text}` }];
  const carries = tokenMount(inventory, workload)?.mounted !== false || projectsApiToken(workload);
  if (isStaticPod(workload) || !carries) return reasons;
  const account = accountOf(workload);
  const options = { minor, today: '', allowedRegistries: [] };
  const way = escalationsIn({ inventory, options }).wayOf(account);
  if (way !== undefined)
    return [
      ...reasons,
      { kind: 'identity', text: `can have the whole cluster: its ${subjectText(account)} ${wayText(way)}` },
    ];
  if (canReadSecrets(setting, workload))
    return [...reasons, { kind: 'identity', text: `can read Secrets of the cluster as ${subjectText(account)}` }];
  return reasons;
}

/** Breaking out of the pod is one step from here: what the baseline level does not admit. */
function nodeReasons({ minor }: Setting, { object, templatePath, spec }: Workload): Reason[] {
  const metadata = asObject(asObject(valueAt(object.raw, templatePath))['metadata']);
  const violations = judgePodSecurity({ metadata, spec }, 'baseline', minor);
  const controls = [...new Set(violations.map(({ control }) => control.replace(/_.*/, '')))];
  return controls.length === 0 ? [] : [{ kind: 'node', text: `is near its node: ${controls.join(', ')}` }];
}

const routeKinds = [
  'networking.k8s.io/Ingress',
  'gateway.networking.k8s.io/HTTPRoute',
  'gateway.networking.k8s.io/GRPCRoute',
  'gateway.networking.k8s.io/TLSRoute',
];

/** How a Service is open to the world by itself, or by what leads to it. */
function doorsOf(inventory: Inventory, service: KubeObject): string[] {
  const { type } = asObject(service.raw['spec']);
  const own = type === 'LoadBalancer' || type === 'NodePort' ? [`${asString(type)} "${service.name}"`] : [];
  const routes = inventory.referencesTo(service, routeKinds).filter(({ use }) => use === 'backend');
  return [...own, ...routes.map(({ from }) => `${from.kind} "${from.name}"`)];
}

function outsideReasons({ inventory }: Setting, workload: Workload): Reason[] {
  const services = inventory
    .selectorsOf(workload, '/Service')
    .filter((service) => arrivalsOf(inventory, service, undefined).some((arrival) => arrival.workload === workload));
  const doors = services.flatMap((service) => doorsOf(inventory, service));
  const hostPorts = workload.containers
    .flatMap(({ raw }) => asArray(raw['ports']))
    .filter((port) => (asObject(port)['hostPort'] ?? 0) !== 0);
  const all = [...new Set([...doors, ...(hostPorts.length > 0 ? ['a port of its node'] : [])])];
  return all.length === 0 ? [] : [{ kind: 'outside', text: `is reached from outside by ${all.join(', ')}` }];
}

export function findReasons(setting: Setting, workload: Workload): Reason[] {
  return [
    ...outsideReasons(setting, workload),
    ...identityReasons(setting, workload),
    ...nodeReasons(setting, workload),
    ...dataReasons(workload),
    ...secretReasons(setting, workload),
  ];
}
