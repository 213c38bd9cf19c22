// What decides how the user's paths are read.

import type { PostRender } from './post-render/overlay.ts';
import type { Environment } from './programs/find-program.ts';
import type { Written } from './releases/chart-release.ts';

export interface HelmOptions {
  /** Files, given to helm as they are. */
  readonly values: readonly string[];
  /** `key=value`, given to helm as they are. */
  readonly set: readonly string[];
  /** Overlays that the output of charts goes through. */
  readonly postRender?: readonly PostRender[];
  /** Objects beside the input that may say how a chart is deployed, or hold values for it. */
  readonly beside?: Written;
  /** Name of the release; the chart's own name where left out. */
  readonly release?: string;
}

export interface ReadOptions {
  readonly helm: HelmOptions;
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
