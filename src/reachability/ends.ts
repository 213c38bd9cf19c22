// The two ends of a connection, with all that a policy may ask about them, and with what is not known of them.

import type { IpAddress } from '../kube/cidr.ts';
import { type Selector, selectorOf } from '../kube/selectors.ts';
import { allOf, type Known } from './known.ts';

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface KnownLabels {
  readonly values: Readonly<Record<string, string>>;
  /** True for a key whose value, or absence, nobody has told. */
  readonly isOpen: (key: string) => boolean;
}

export interface PodEnd {
  readonly kind: 'pod';
  readonly namespace: string;
  readonly labels: KnownLabels;
  readonly namespaceLabels: KnownLabels;
  /** Pods in the network of their node: policies do not hold them, and selectors do not find them reliably. */
  readonly isHostNetwork: boolean;
  /** Empty where they are not known, as in files. */
  readonly addresses: readonly IpAddress[];
  /** Named ports of the pod's containers; `undefined` where the containers are not known. */
  readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: Protocol }[] | undefined;
}

/** A node's own network. Source: Kubernetes docs, Network Policies: traffic to and from the node of a pod is always allowed. */
export interface NodeEnd {
  readonly kind: 'node';
  readonly addresses: readonly IpAddress[];
  /** True where the pod at the other end runs on this node. */
  readonly isOwnNode: Known;
}

/** Outside of the cluster; without an address where only a host name is known. */
export interface OutsideEnd {
  readonly kind: 'outside';
  readonly address?: IpAddress;
}

export type End = PodEnd | NodeEnd | OutsideEnd;

export interface Connection {
  readonly from: End;
  readonly to: End;
  readonly protocol: Protocol;
  /** Port of the receiving end, behind any Service. */
  readonly port: number;
  /** True where both ends are one and the same pod. */
  readonly isSamePod?: boolean;
}

export const nameLabel = 'kubernetes.io/metadata.name';

const closed = (): boolean => false;

/** Labels that are all told. */
export function completeLabels(values: Readonly<Record<string, string>>): KnownLabels {
  return { values, isOpen: closed };
}

/** Labels of a namespace: the API server always adds its name; the others are told where the namespace is in the input. */
export function namespaceLabelsOf(name: string, values: Readonly<Record<string, string>> | undefined): KnownLabels {
  if (values !== undefined) return completeLabels({ ...values, [nameLabel]: name });
  return { values: { [nameLabel]: name }, isOpen: (key) => key !== nameLabel };
}

/** Whether a selector matches, as far as the labels are known. */
export function selects(selector: Selector, { values, isOpen }: KnownLabels): Known {
  if (selector.matchesNothing) return false;
  if (!selector.requirements.some(({ key }) => isOpen(key))) return selector.matches(values);
  return allOf(
    selector.requirements.map((requirement) =>
      isOpen(requirement.key) ? undefined : selectorOf([requirement]).matches(values),
    ),
  );
}
