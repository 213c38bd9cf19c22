// The checks of the family minikube, in the order of the report.

import type { Check } from '../check.ts';
import { defaultNamespace } from './default-namespace.ts';
import { developmentMode } from './development-mode.ts';
import { developmentServer } from './development-server.ts';
import { hostPathPersistentVolume } from './host-path-persistent-volume.ts';
import { hostPathStorage } from './host-path-storage.ts';
import { imageNotPublished } from './image-not-published.ts';
import { imagePullNever } from './image-pull-never.ts';
import { imageRegistryLocal } from './image-registry-local.ts';
import { laptopAddress } from './laptop-address.ts';
import { laptopFolder } from './laptop-folder.ts';
import { laptopHost } from './laptop-host.ts';
import { localhostCall } from './localhost-call.ts';
import { minikubeAddon } from './minikube-addon.ts';
import { minikubeNode } from './minikube-node.ts';
import { minikubeProvisioner } from './minikube-provisioner.ts';
import { nodePortEntry } from './node-port-entry.ts';
import { nodePortFixed } from './node-port-fixed.ts';

export const minikubeChecks: readonly Check[] = [
  imagePullNever,
  imageRegistryLocal,
  imageNotPublished,
  laptopFolder,
  hostPathStorage,
  hostPathPersistentVolume,
  minikubeProvisioner,
  minikubeNode,
  minikubeAddon,
  laptopAddress,
  localhostCall,
  laptopHost,
  nodePortEntry,
  nodePortFixed,
  developmentMode,
  developmentServer,
  defaultNamespace,
];
