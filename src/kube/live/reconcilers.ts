// Who will write an object again, and what becomes of our change then. By field managers, labels and annotations that the tools' own documentation names.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { readManagers } from './managers.ts';

export interface Reconciler {
  /** The field manager by which the API server knows it; absent where only labels tell of it. */
  readonly manager?: string;
  /** Who it is: `Helm release "shop"`. */
  readonly who: string;
  /** What it does next to fields that we change: a sentence about it without its subject. */
  readonly next: string;
}

interface Known {
  readonly managers: RegExp;
  readonly who: string;
  readonly next: string;
}

/** Field managers by name. */
const known: readonly Known[] = [
  {
    managers: /^kubectl-client-side-apply$/,
    who: 'kubectl apply',
    next: 'puts fields back that its file names, when somebody applies the file again',
  },
  {
    managers: /^kubectl$/,
    who: 'kubectl apply --server-side',
    next: 'reports a conflict when somebody applies the file again, or takes the field back with --force-conflicts',
  },
  { managers: /^kubectl-/, who: 'somebody with kubectl', next: 'does nothing by itself' },
  {
    managers: /^[Hh]elm$/,
    who: 'Helm',
    next: 'puts fields back that the chart names, at the next upgrade: put the change into the chart as well',
  },
  {
    managers: /^argocd-/,
    who: 'Argo CD',
    next: 'shows the change as drift, and with self-heal takes it back within minutes: put it into the repository instead',
  },
  {
    managers: /^(?:kustomize|helm|source|gotk)-controller$/,
    who: 'Flux',
    next: 'takes the change back at its next reconciliation: put it into the repository instead',
  },
  {
    managers: /^(?:kube-controller-manager|horizontal-pod-autoscaler|vpa-[a-z-]+|keda[a-z-]*)$/,
    who: 'a controller of the cluster',
    next: 'writes the field again as it sees fit',
  },
  { managers: /^(?:Terraform|HashiCorp)/, who: 'Terraform', next: 'takes the change back at the next apply' },
  { managers: /^pulumi/, who: 'Pulumi', next: 'takes the change back at the next update' },
  { managers: /^(?:kapp|fleet)/, who: 'a deployment tool', next: 'takes the change back at its next deployment' },
];

/** What is known of a field manager, by its name. */
export function describeManager(name: string): Reconciler {
  const found = known.find(({ managers }) => managers.test(name));
  if (found === undefined)
    return { manager: name, who: `"${name}"`, next: 'may write the field again: find out what it is' };
  return { manager: name, who: found.who, next: found.next };
}

interface Sign {
  readonly from: 'labels' | 'annotations';
  readonly key: string;
  readonly value?: string;
  readonly tell: (value: string) => Reconciler;
}

const signs: readonly Sign[] = [
  {
    from: 'annotations',
    key: 'meta.helm.sh/release-name',
    tell: (name) => ({ ...describeManager('helm'), who: `Helm release "${name}"` }),
  },
  {
    from: 'annotations',
    key: 'argocd.argoproj.io/tracking-id',
    tell: () => ({ ...describeManager('argocd-controller') }),
  },
  {
    from: 'labels',
    key: 'argocd.argoproj.io/instance',
    tell: (name) => ({ ...describeManager('argocd-controller'), who: `Argo CD application "${name}"` }),
  },
  {
    from: 'labels',
    key: 'kustomize.toolkit.fluxcd.io/name',
    tell: (name) => ({ ...describeManager('kustomize-controller'), who: `Flux kustomization "${name}"` }),
  },
  {
    from: 'labels',
    key: 'helm.toolkit.fluxcd.io/name',
    tell: (name) => ({ ...describeManager('helm-controller'), who: `Flux release "${name}"` }),
  },
  {
    from: 'annotations',
    key: 'kubectl.kubernetes.io/last-applied-configuration',
    tell: () => describeManager('kubectl-client-side-apply'),
  },
];

function controllerOf(metadata: JsonObject): Reconciler[] {
  const owner = asArray(metadata['ownerReferences'])
    .map(asObject)
    .find((each) => each['controller'] === true);
  if (owner === undefined) return [];
  const who = `${asString(owner['kind']) ?? ''} "${asString(owner['name']) ?? ''}"`;
  return [{ who, next: 'made this object, and its controller may put it back: change the owner instead' }];
}

/** Tools that keep objects as somebody declared them elsewhere. */
const keepers = /^(?:argocd-.*|(?:kustomize|helm)-controller|[Hh]elm)$/;

/** Who keeps the object as it was declared elsewhere, by its labels, annotations, owner and field managers. Each once. */
export function reconcilersOf(object: JsonObject): Reconciler[] {
  const metadata = asObject(object['metadata']);
  const told = signs.flatMap(({ from, key, tell }) => {
    const value = asString(asObject(metadata[from])[key]);
    return value === undefined ? [] : [tell(value)];
  });
  const byManager = readManagers(object)
    .filter(({ name, subresource }) => subresource === '' && keepers.test(name))
    .map(({ name }) => describeManager(name));
  const all = [...controllerOf(metadata), ...told, ...byManager];
  // What a label names is told rather than what a manager is called: it comes first.
  return all.filter((each, index) => all.findIndex(({ next }) => next === each.next) === index);
}
