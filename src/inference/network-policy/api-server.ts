// The API server as one that is called (by whoever has rights on it) and as one that calls (webhooks, aggregated APIs).

import { arrivalsOf, type Inventory, type Workload } from '../../inventory/index.ts';
import { accountOf, findAccount } from '../../inventory/rights/accounts.ts';
import { usesApi } from '../../inventory/rights/token-use.ts';
import { asArray, asObject, asString, type KubeObject } from '../../model/index.ts';
import { objectParty, type Party } from '../../traffic/index.ts';
import type { Ledger, Peer } from './need.ts';
import { type Directory, peerOfParty } from './peer-of-party.ts';
import { anyAddress, anyCaller, type Platform } from './platform.ts';

const advice = 'Give its addresses: --peer api-server=10.0.0.1 (kubectl get endpointslices -n default)';

/** Ports that API servers listen on where nobody told it: of the Service, and behind it. */
const usualPorts = [443, 6443];

interface Called {
  readonly from: Party;
  readonly why: readonly string[];
  readonly isDeclared: boolean;
  readonly isSeen: boolean;
}

export function needApiServer(ledger: Ledger, directory: Directory, { from, ...evidence }: Called): void {
  const { apiServer, apiPorts } = directory.platform;
  const named = peerOfParty(directory, from);
  if (!('peer' in named)) return;
  const to: Peer = apiServer ?? anyAddress(directory.platform, 'API server');
  const ports = apiPorts.length > 0 ? apiPorts : usualPorts;
  for (const port of ports) ledger.need({ from: named.peer, to, protocol: 'TCP', port, ...evidence });
  if (apiServer === undefined)
    ledger.decide({
      about: `${from.namespace ?? ''}/${from.name} → API server`,
      done: `its addresses are not known: opened to every address on ports ${ports.join(' and ')}`,
      advice,
    });
}

/** A token of the pod's account: mounted unless the pod, or else the account, says no. Source: Kubernetes docs, Configure Service Accounts for Pods. */
function hasToken({ spec }: Workload, account: KubeObject | undefined): boolean {
  const projected = asArray(spec['volumes']).flatMap((each) =>
    asArray(asObject(asObject(each)['projected'])['sources']),
  );
  if (projected.some((each) => asObject(each)['serviceAccountToken'] !== undefined)) return true;
  return (spec['automountServiceAccountToken'] ?? account?.raw['automountServiceAccountToken'] ?? true) !== false;
}

/** Bindings that give an account rights, by `namespace/name` of the account. */
function bindings({ references }: Inventory): ReadonlyMap<string, KubeObject> {
  return new Map(
    references
      .filter(({ use }) => use === 'subject')
      .map(({ namespace, name, from }) => [`${namespace}/${name}`, from]),
  );
}

/** Why its pods may ask the API; nothing where they do not, as far as is known. */
function reasonToAsk({ inventory, platform }: Directory, workload: Workload): string | undefined {
  const identity = accountOf(workload);
  const { namespace, name } = identity;
  const account = findAccount(inventory, identity);
  if (!hasToken(workload, account)) return undefined;
  const binding = inventory.derive(bindings).get(`${namespace}/${name}`);
  if (binding !== undefined) return `account "${name}" has rights by ${binding.kind} "${binding.name}"`;
  if (platform.isComplete) return undefined;
  if (usesApi(workload)) return 'its settings speak of the API, and its rights may be given elsewhere';
  return account === undefined && name !== 'default'
    ? `account "${name}" is not in the input, and may have rights`
    : undefined;
}

/** Whoever has rights on the API, or may have them, and a token to use them. */
export function takeApiClients(ledger: Ledger, directory: Directory, subjects: readonly Workload[]): void {
  for (const workload of subjects) {
    const why = reasonToAsk(directory, workload);
    const from = objectParty('workload', workload.object);
    if (why !== undefined) needApiServer(ledger, directory, { from, why: [why], isDeclared: true, isSeen: false });
  }
}

interface Hook {
  readonly service: KubeObject;
  readonly port: number | undefined;
  readonly what: string;
}

function hookOf(inventory: Inventory, from: KubeObject, raw: unknown): Hook[] {
  const { namespace = 'default', name, port } = asObject(raw);
  const target = { group: '', kind: 'Service', namespace: asString(namespace) ?? '', name: asString(name) ?? '' };
  const service = inventory.find(target);
  const what = `${from.kind} "${from.name}"`;
  // 443 unless told. Source: admissionregistration.k8s.io/v1, apiregistration.k8s.io/v1, apiextensions.k8s.io/v1.
  return service === undefined ? [] : [{ service, port: typeof port === 'number' ? port : 443, what }];
}

function hooks(inventory: Inventory): Hook[] {
  const of = (kind: string, pick: (raw: KubeObject['raw']) => unknown[]): Hook[] =>
    inventory.ofKind(kind).flatMap((object) => pick(object.raw).flatMap((each) => hookOf(inventory, object, each)));
  const webhooks = (raw: KubeObject['raw']): unknown[] =>
    asArray(raw['webhooks']).map((each) => asObject(asObject(each)['clientConfig'])['service']);
  return [
    ...of('admissionregistration.k8s.io/ValidatingWebhookConfiguration', webhooks),
    ...of('admissionregistration.k8s.io/MutatingWebhookConfiguration', webhooks),
    ...of('apiregistration.k8s.io/APIService', (raw) => [asObject(raw['spec'])['service']]),
    ...of('apiextensions.k8s.io/CustomResourceDefinition', (raw) => {
      const conversion = asObject(asObject(asObject(raw['spec'])['conversion'])['webhook']);
      return [asObject(conversion['clientConfig'])['service']];
    }),
  ];
}

function callers({ apiServer, tunnels, answers }: Platform): readonly Peer[] {
  const told = answers.get('api-server');
  if (told !== undefined) return [told];
  return [...(apiServer === undefined ? [] : [apiServer]), ...tunnels];
}

/** What the API server calls by itself: a webhook that does not answer may stop a cluster. */
export function takeWebhooks(
  ledger: Ledger,
  { inventory, platform }: Directory,
  isSubject: (workload: Workload) => boolean,
): void {
  for (const { service, port, what } of hooks(inventory))
    for (const arrival of arrivalsOf(inventory, service, port)) {
      if (arrival.port === undefined || !isSubject(arrival.workload)) continue;
      const known = callers(platform);
      const to: Peer = { kind: 'workload', workload: arrival.workload };
      const shared = { to, protocol: arrival.protocol, port: arrival.port, isDeclared: true, isSeen: false };
      for (const from of known.length > 0 ? known : [anyCaller(platform)])
        ledger.need({ ...shared, from, why: [what] });
      if (known.length === 0)
        ledger.decide({
          about: `API server → ${arrival.workload.object.namespace}/${arrival.workload.object.name}, TCP ${arrival.port}`,
          done: `where the API server calls ${what} from is not known: opened from everywhere`,
          advice,
        });
    }
}
