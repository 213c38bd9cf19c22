// A name in one object that points to another, as data: who points, from which field, at what.

import type { KubeObject, Path } from '../model/index.ts';

export interface ReferenceTarget {
  readonly group: string;
  readonly kind: string;
  /** '' for cluster-scoped targets. */
  readonly namespace: string;
  readonly name: string;
  /** What the name is for: `env`, `volume`, `backend`, `roleRef`, `scaleTarget`, … */
  readonly use: string;
  /** Path of the name in the pointing object. */
  readonly path: Path;
  /** True where Kubernetes starts the pod even without the target. */
  readonly optional: boolean;
  /** Key within a ConfigMap or Secret. */
  readonly key?: string;
  /** Port name or number of a Service backend. */
  readonly port?: string | number;
}

export interface Reference extends ReferenceTarget {
  readonly from: KubeObject;
}
