// What decides how the user's paths are read.

import type { Environment } from './programs/find-program.ts';

export interface ReadOptions {
  /** `values` are files, `set` are `key=value`; both are given to helm as they are. */
  readonly helm: { readonly values: readonly string[]; readonly set: readonly string[] };
  /** Namespace of objects that name none. */
  readonly namespace: string;
  /** Minor version of the target Kubernetes, 1.N as N. */
  readonly minor: number;
  /** Whether kustomizations may fetch what they refer to from the network. */
  readonly allowRemote: boolean;
  readonly maxFileBytes: number;
  /** Files with reports of other tools, or folders of them. */
  readonly evidence?: readonly string[];
  readonly stdin: () => Promise<Uint8Array>;
  readonly environment: Environment;
}
