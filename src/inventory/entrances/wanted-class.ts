// Which class an Ingress asks for, and which controller that class names; for a route, the same of its gateways.

import { asArray, asObject, asString, type JsonObject, type KubeObject } from '../../model/index.ts';
import type { ClusterView } from '../cluster-facts/view.ts';
import { readLabels } from '../workload.ts';

/** What an Ingress or a Gateway asks for. */
export interface WantedClass {
  /** How it is asked for; `default` where the cluster fills the class in, `none` where nothing does. */
  readonly by: 'class' | 'annotation' | 'default' | 'none';
  readonly name: string;
  /** Absent where the class is not in the input, or nobody needs one: the annotation is older than classes. */
  readonly controller?: string;
  readonly namespace: string;
}

const former = 'kubernetes.io/ingress.class';
const defaultMark = 'ingressclass.kubernetes.io/is-default-class';

function annotationsOf(raw: JsonObject): Readonly<Record<string, string>> {
  return readLabels(asObject(raw['metadata'])['annotations']);
}

function controllerIn(view: ClusterView, groupKind: string, name: string, field: string): { controller?: string } {
  const found = view.objects(groupKind).find((each) => each.name === name);
  const controller = asString(asObject(found?.raw['spec'])[field]);
  return controller === undefined ? {} : { controller };
}

const ingressClass = 'networking.k8s.io/IngressClass';

/** Source: Kubernetes docs, Ingress: the field wins over the former annotation, and an admission plugin fills in the default. */
export function wantedByIngress(view: ClusterView, { raw, namespace }: KubeObject): WantedClass {
  const named = asString(asObject(raw['spec'])['ingressClassName']) ?? '';
  if (named !== '')
    return { by: 'class', name: named, namespace, ...controllerIn(view, ingressClass, named, 'controller') };
  const annotation = annotationsOf(raw)[former] ?? '';
  if (annotation !== '') return { by: 'annotation', name: annotation, namespace };
  const standard = view.objects(ingressClass).find((each) => annotationsOf(each.raw)[defaultMark] === 'true');
  if (standard === undefined) return { by: 'none', name: '', namespace };
  const { name } = standard;
  return { by: 'default', name, namespace, ...controllerIn(view, ingressClass, name, 'controller') };
}

const gatewayGroup = 'gateway.networking.k8s.io';

export interface WantedGateway {
  readonly namespace: string;
  readonly name: string;
  /** Absent where the Gateway is not in the input. */
  readonly className?: string;
  readonly controller?: string;
}

interface Parent {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

function toParent(value: unknown, own: string): Parent[] {
  const { kind, namespace, name } = asObject(value as JsonObject);
  const named = asString(name);
  return named === undefined
    ? []
    : [{ kind: asString(kind) ?? 'Gateway', namespace: asString(namespace) ?? own, name: named }];
}

/** A set of listeners stands for its gateway. Source: Gateway API, ListenerSet; the X is of its experimental days. */
function gatewayOf(view: ClusterView, parent: Parent): Parent[] {
  if (parent.kind === 'Gateway') return [parent];
  const groups: Readonly<Record<string, string>> = {
    ListenerSet: gatewayGroup,
    XListenerSet: 'gateway.networking.x-k8s.io',
  };
  const group = groups[parent.kind];
  const set =
    group === undefined
      ? undefined
      : view
          .objects(`${group}/${parent.kind}`)
          .find(({ name, namespace }) => name === parent.name && namespace === parent.namespace);
  return toParent(asObject(set?.raw['spec'])['parentRef'], parent.namespace).filter(({ kind }) => kind === 'Gateway');
}

/** Whoever accepted a route wrote its own name into the status. */
function acceptedBy({ raw, namespace }: KubeObject, gateway: Parent): { controller?: string } {
  const found = asArray(asObject(raw['status'])['parents'])
    .map(asObject)
    .find((each) =>
      toParent(each['parentRef'], namespace).some(
        (parent) => parent.name === gateway.name && parent.namespace === gateway.namespace,
      ),
    );
  const controller = asString(found?.['controllerName']);
  return controller === undefined ? {} : { controller };
}

/** The gateways that a route hangs on; none for a route between Services. */
export function wantedByRoute(view: ClusterView, route: KubeObject): WantedGateway[] {
  const parents = asArray(asObject(route.raw['spec'])['parentRefs']).flatMap((each) => toParent(each, route.namespace));
  return parents
    .flatMap((parent) => gatewayOf(view, parent))
    .map((gateway): WantedGateway => {
      const { namespace, name } = gateway;
      const found = view
        .objects(`${gatewayGroup}/Gateway`)
        .find((each) => each.name === name && each.namespace === namespace);
      const className = asString(asObject(found?.raw['spec'])['gatewayClassName']);
      const accepted = acceptedBy(route, gateway);
      if (className === undefined) return { namespace, name, ...accepted };
      const told = controllerIn(view, `${gatewayGroup}/GatewayClass`, className, 'controllerName');
      return { namespace, name, className, ...accepted, ...told };
    });
}
