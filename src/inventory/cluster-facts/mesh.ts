// The service mesh, and whether it makes connections inside it mutually authenticated.

import { asObject, asString } from '../../model/index.ts';
import { type Family, findPrograms, type Signature } from './signatures.ts';
import type { ClusterView } from './view.ts';

const meshes: readonly Signature[] = [
  { name: 'Istio', image: /(?:^|\/)istio\/pilot$|(?:^|\/)mirrored-istio-pilot$|(?:^|\/)istiod$/ },
  { name: 'Istio ambient (ztunnel)', image: /(?:^|\/)ztunnel$/ },
  { name: 'Linkerd', image: /(?:^|\/)linkerd\/controller$/ },
  { name: 'Consul', image: /(?:^|\/)consul-k8s-control-plane$/ },
  { name: 'Kuma', image: /(?:^|\/)kuma-cp$/ },
];

/** What PeerAuthentications of the mesh's own namespace say for all of it; Istio without one is permissive. */
export type MutualTls = 'strict' | 'permissive' | 'disabled' | 'automatic' | 'unknown';

export interface MeshFacts extends Family {
  /** Absent where no mesh was found. */
  readonly mutualTls?: MutualTls;
  readonly why?: string;
}

const modes: Readonly<Record<string, MutualTls>> = { STRICT: 'strict', PERMISSIVE: 'permissive', DISABLE: 'disabled' };

/** The mesh-wide policy stands in the root namespace, without a selector. Source: istio.io, PeerAuthentication. */
function istioMode(view: ClusterView, root: string): Pick<MeshFacts, 'mutualTls' | 'why'> {
  const kind = 'security.istio.io/PeerAuthentication';
  const wide = view
    .objects(kind)
    .find(({ namespace, raw }) => namespace === root && asObject(raw['spec'])['selector'] === undefined);
  if (wide !== undefined) {
    const mode = asString(asObject(asObject(wide.raw['spec'])['mtls'])['mode']) ?? 'UNSET';
    const mutualTls = modes[mode] ?? 'permissive';
    return { mutualTls, why: `PeerAuthentication ${root}/${wide.name} says ${mode}` };
  }
  if (!view.saw(kind)) return { mutualTls: 'unknown', why: 'PeerAuthentications of all namespaces may not be listed' };
  return { mutualTls: 'permissive', why: `no PeerAuthentication in ${root} says otherwise` };
}

export function findMesh(view: ClusterView): MeshFacts {
  const family = findPrograms(view, meshes);
  const istio = family.found.find(({ name }) => name.startsWith('Istio'));
  if (istio !== undefined) return { ...family, ...istioMode(view, istio.namespace) };
  const linkerd = family.found.some(({ name }) => name === 'Linkerd');
  if (!linkerd) return family;
  return {
    ...family,
    mutualTls: 'automatic',
    why: 'Linkerd authenticates connections between meshed pods, and lets others in',
  };
}
