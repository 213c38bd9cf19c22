// What kubelets say of themselves: the settings that decide how open a node is.

import { asObject, type Json, toText, valueAt, type Path } from '../../model/index.ts';
import type { ClusterView } from './view.ts';

export interface KubeletFacts {
  readonly node: string;
  readonly settings: Readonly<Record<string, string>>;
}

export interface KubeletsFacts {
  readonly read: readonly KubeletFacts[];
  /** Nodes that were asked and gave nothing, with the reason. */
  readonly unread: readonly { readonly node: string; readonly why: string }[];
}

const shown: readonly Path[] = [
  ['authentication', 'anonymous', 'enabled'],
  ['authorization', 'mode'],
  ['readOnlyPort'],
  ['rotateCertificates'],
  ['protectKernelDefaults'],
  ['podPidsLimit'],
  ['maxPods'],
  ['seccompDefault'],
];

function settingsOf(config: Json | undefined): Record<string, string> {
  return Object.fromEntries(
    shown.flatMap((path) => {
      const value = valueAt(config, path);
      return value === undefined ? [] : [[path.join('.'), toText(value)]];
    }),
  );
}

export function findKubelets({ kubelets }: ClusterView): KubeletsFacts {
  return {
    read: kubelets.flatMap(({ node, config }) =>
      config === undefined ? [] : [{ node, settings: settingsOf(asObject(config)) }],
    ),
    unread: kubelets.flatMap(({ node, config, unread = '' }) => (config === undefined ? [{ node, why: unread }] : [])),
  };
}
