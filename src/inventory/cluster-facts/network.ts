// The network plugin, and whether it enforces NetworkPolicies: never assumed, always with the reason.

import { asArray, asObject, asString } from '../../model/index.ts';
import { type Found, toFound } from './signatures.ts';
import type { ClusterView, Program, Tri } from './view.ts';

export interface NetworkFacts {
  readonly plugins: readonly Found[];
  readonly enforcesPolicies: Tri;
  /** Why, in one clause. */
  readonly why: string;
}

interface Verdict {
  readonly enforces: Tri;
  readonly why: string;
}

interface Plugin {
  readonly name: string;
  readonly image: RegExp;
  /** Name of its DaemonSet, where images have no telling names. */
  readonly daemonSet?: string;
  readonly judge: (program: Program, view: ClusterView) => Verdict;
}

const yes = (why: string): Verdict => ({ enforces: true, why });
const no = (why: string): Verdict => ({ enforces: false, why });
const unsure = (why: string): Verdict => ({ enforces: 'unknown', why });

function always(name: string): Plugin['judge'] {
  return () => yes(`${name} enforces NetworkPolicies`);
}

function never(name: string): Plugin['judge'] {
  return () => no(`${name} does not enforce NetworkPolicies`);
}

function configMap(view: ClusterView, name: string): Readonly<Record<string, unknown>> | undefined {
  const found = view.objects('/ConfigMap').find((object) => object.namespace === 'kube-system' && object.name === name);
  return found === undefined ? undefined : asObject(found.raw['data']);
}

/** `enable-policy: never` switches enforcement off. Source: docs.cilium.io, policy enforcement modes. */
function judgeCilium(_: Program, view: ClusterView): Verdict {
  const settings = configMap(view, 'cilium-config');
  if (settings === undefined)
    return unsure('Cilium enforces NetworkPolicies unless cilium-config says never, and that may not be read');
  if (settings['enable-policy'] === 'never') return no('cilium-config sets enable-policy to never');
  if (settings['enable-k8s-networkpolicy'] === 'false')
    return no('cilium-config switches Kubernetes NetworkPolicies off');
  return yes('Cilium enforces NetworkPolicies');
}

/** The agent is a container of its own beside the plugin, started with a switch. Source: github.com/aws/amazon-vpc-cni-k8s, docs of EKS. */
function judgeAws({ object }: Program, { programs }: ClusterView): Verdict {
  const agents = programs.filter(({ repository }) => /(?:^|\/)aws-network-policy-agent$/.test(repository));
  const agent = agents.find((each) => each.object.name === object.name) ?? agents[0];
  if (agent === undefined) return no('the AWS VPC CNI runs without its network policy agent');
  const text = agent.words.join(' ');
  if (/--enable-network-policy[= ]true/.test(text))
    return yes('the network policy agent of the AWS VPC CNI is switched on');
  if (/--enable-network-policy[= ]false/.test(text))
    return no('the network policy agent of the AWS VPC CNI is switched off');
  return unsure('the network policy agent of the AWS VPC CNI is there, and nothing says whether it is switched on');
}

/** Off unless said otherwise is how kube-router's own flag reads: `--run-firewall` defaults to true. Source: kube-router's user guide. */
function judgeKubeRouter({ words }: Program): Verdict {
  return words.some((word) => /^--run-firewall=false$/.test(word))
    ? no('kube-router runs with --run-firewall=false')
    : yes('kube-router enforces NetworkPolicies');
}

const firstPolicyImage = 20240813;

function mayReadPolicies(view: ClusterView): Tri {
  if (!view.saw('rbac.authorization.k8s.io/ClusterRole')) return 'unknown';
  const role = view.objects('rbac.authorization.k8s.io/ClusterRole').find(({ name }) => name === 'kindnet');
  if (role === undefined) return 'unknown';
  return asArray(role.raw['rules']).some((rule) => asArray(asObject(rule)['resources']).includes('networkpolicies'));
}

/**
 * kindnetd holds a policy controller since kind 0.24 (image v20240813), and Minikube gives it the right to read policies since its pull request 19360:
 * both must be there. Sources: kubernetes-sigs/kind#842 and #3612, kubernetes/minikube#19360.
 */
function judgeKindnet({ tag = '' }: Program, view: ClusterView): Verdict {
  const date = Number(/^v(\d{8})/.exec(tag)?.[1] ?? Number.NaN);
  if (date < firstPolicyImage) return no(`kindnetd ${tag} has no policy controller`);
  const permitted = mayReadPolicies(view);
  if (permitted === false) return no('kindnetd may not read NetworkPolicies: its ClusterRole lacks them');
  if (Number.isNaN(date) || permitted === 'unknown')
    return unsure(
      `whether this kindnetd enforces NetworkPolicies is not clear from its image${tag === '' ? '' : ` ${tag}`} and role`,
    );
  return yes(`kindnetd ${tag} has a policy controller and may read policies`);
}

/** Images by repository. Plugins come first, controllers that only enforce come as plugins of their own. */
const plugins: readonly Plugin[] = [
  {
    name: 'Calico',
    image: /(?:^|\/)calico\/node$|(?:^|\/)calico-node$|(?:^|\/)mirrored-calico-node$|(?:^|\/)hardened-calico$/,
    judge: always('Calico'),
  },
  {
    name: 'Cilium',
    image: /(?:^|\/)cilium\/cilium$|(?:^|\/)mirrored-cilium-cilium$|(?:^|\/)cilium\/cilium-ci$|^cilium$/,
    judge: judgeCilium,
  },
  {
    name: 'Antrea',
    image: /(?:^|\/)antrea(?:-agent)?-(?:ubuntu|ubi|debian)$|(?:^|\/)antrea\/antrea-agent/,
    judge: always('Antrea'),
  },
  {
    name: 'Weave Net',
    image: /(?:^|\/)weaveworks\/weave-npc$|(?:^|\/)weave-npc$/,
    judge: always('the policy controller of Weave Net'),
  },
  { name: 'Weave Net', image: /(?:^|\/)weave-kube$/, judge: () => no('Weave Net runs without its policy controller') },
  { name: 'kube-router', image: /(?:^|\/)kube-router$/, judge: judgeKubeRouter },
  { name: 'AWS VPC CNI', image: /(?:^|\/)amazon-k8s-cni$/, judge: judgeAws },
  {
    name: 'Azure Network Policy Manager',
    image: /(?:^|\/)azure-npm$/,
    judge: always('the Azure Network Policy Manager'),
  },
  { name: 'Azure CNI', image: /(?:^|\/)azure-(?:cni|cns)$/, judge: never('the Azure CNI on its own') },
  {
    name: 'OVN-Kubernetes',
    image: /(?:^|\/)ovn-kubernetes|(?:^|\/)ovn-kube/,
    daemonSet: 'ovnkube-node',
    judge: always('OVN-Kubernetes'),
  },
  { name: 'Kube-OVN', image: /(?:^|\/)kube-ovn$/, judge: always('Kube-OVN') },
  { name: 'GKE Dataplane V2', image: /(?:^|\/)gke-cilium|(?:^|\/)gke\/cilium/, judge: always('GKE Dataplane V2') },
  { name: 'kube-network-policies', image: /(?:^|\/)kube-network-policies$/, judge: always('kube-network-policies') },
  { name: 'kindnet', image: /(?:^|\/)kindnetd?$/, judge: judgeKindnet },
  {
    name: 'Flannel',
    image: /(?:^|\/)flannel$|(?:^|\/)mirrored-flannel$|(?:^|\/)hardened-flannel$|(?:^|\/)mirrored-flannelcni-flannel$/,
    judge: never('Flannel on its own'),
  },
  {
    name: 'Multus',
    image: /(?:^|\/)multus-cni$|(?:^|\/)hardened-multus-cni$/,
    judge: () => unsure('Multus hands on to other plugins'),
  },
];

/** k3s runs Flannel and the policy controller of kube-router inside its own process. Source: docs.k3s.io, networking services. */
function inProcess({ serverVersion }: ClusterView): Verdict | undefined {
  return /\+k3s/.test(serverVersion)
    ? unsure(
        'k3s enforces NetworkPolicies inside its own process unless it was started with --disable-network-policy, which cannot be seen',
      )
    : undefined;
}

function nothingFound(view: ClusterView): Verdict {
  const inside = inProcess(view);
  if (inside !== undefined) return inside;
  if (!view.live) return unsure('only files were read');
  if (!view.saw('apps/DaemonSet')) return unsure('DaemonSets of all namespaces may not be listed');
  if (isBareMinikube(view)) return no('Minikube runs its plain bridge, and nothing beside it enforces NetworkPolicies');
  return unsure('no network plugin that is known here runs as a DaemonSet');
}

/** A single node of Minikube without any network DaemonSet has the bridge of the container runtime. Source: minikube's handbook, network policy. */
function isBareMinikube(view: ClusterView): boolean {
  const nodes = view.objects('/Node');
  return (
    view.saw('/Node') &&
    nodes.length > 0 &&
    nodes.every(
      ({ raw }) => asString(asObject(asObject(raw['metadata'])['labels'])['minikube.k8s.io/name']) !== undefined,
    )
  );
}

/** One that enforces is enough; Flannel with Calico beside it is enforced. */
function combine(verdicts: readonly Verdict[]): Verdict | undefined {
  return (
    verdicts.find(({ enforces }) => enforces === true) ??
    verdicts.find(({ enforces }) => enforces === 'unknown') ??
    verdicts[0]
  );
}

interface Seen {
  readonly found: Found;
  readonly verdict: Verdict;
}

function recognise(view: ClusterView): Seen[] {
  const onNodes = view.programs.filter(({ object }) => object.kind === 'DaemonSet');
  return onNodes.flatMap((program) =>
    plugins
      .filter(({ image, daemonSet }) => image.test(program.repository) || program.object.name === daemonSet)
      .map(({ name, judge }) => ({ found: toFound(name, program), verdict: judge(program, view) })),
  );
}

/** A plugin that does not enforce says nothing as long as something unseen may do it. */
function settle(view: ClusterView, seen: readonly Seen[]): Verdict {
  const verdict = combine(seen.map((each) => each.verdict)) ?? nothingFound(view);
  if (verdict.enforces === false && seen.length > 0 && !view.saw('apps/DaemonSet'))
    return unsure(`${verdict.why}, and DaemonSets of other namespaces may not be listed`);
  return verdict.enforces === false ? (inProcess(view) ?? verdict) : verdict;
}

export function findNetwork(view: ClusterView): NetworkFacts {
  const seen = recognise(view);
  const { enforces, why } = settle(view, seen);
  const plugins = [...new Map(seen.map(({ found }) => [found.name, found])).values()];
  return { plugins, enforcesPolicies: enforces, why };
}
