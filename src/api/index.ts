// The Kubernetes API over the network: what other rooms may use of it.

export { type Clock, systemClock } from './clock.ts';
export type { Connection, Trust } from './connection.ts';
export type { Impersonation } from './kubeconfig/kubeconfig.ts';
export { type ConnectionOptions, readConnection } from './open-connection.ts';
export { readKubeconfig } from './kubeconfig/read-kubeconfig.ts';
export { ApiError, isApiError } from './http/api-error.ts';
export type { ApiRequest, Query } from './http/api-request.ts';
export { type ApiClient, type ClientOptions, createClient } from './http/client.ts';
export { makeStoppable, type Stoppable } from './http/stoppable.ts';
export { type MissingRule, renderMissingRule } from './http/missing-rule.ts';
export { type ApiResource, type Discovery, type DiscoveryFailure, groupVersionOf } from './discovery/api-resource.ts';
export { discover, discoverOnce } from './discovery/discover.ts';
export {
  findPreferred,
  findResource,
  findResourceOfKind,
  resourceOfKind,
  resourcePath,
} from './discovery/find-resource.ts';
export { listAll, listItems, type ListPage, listPageBytes, listPages, type PageBytes } from './objects/list-pages.ts';
export type { ListOptions, Selection } from './objects/list-options.ts';
export { readChanges } from './objects/read-changes.ts';
export { type WatchEvent, watchFrom, type WatchOptions } from './objects/watch.ts';
export {
  type AccessAnswer,
  type AccessQuestion,
  type AccessSubject,
  reviewAccess,
  reviewAccessOf,
  reviewRules,
} from './access/review-access.ts';
export {
  type ApplyOptions,
  applyObject,
  createObject,
  createUnread,
  type DeleteOptions,
  deleteObject,
  deleteObjects,
  evictPod,
  getObject,
  type ObjectName,
  objectNameOf,
  patchObject,
  type PatchType,
  replaceObject,
  type WriteOptions,
} from './objects/write.ts';
export { captureInPod, type Captured } from './streams/capture.ts';
export { connectToPod, forwardPort, type Forwarding } from './streams/forward-port.ts';
export { type LogOptions, readLogs } from './streams/read-logs.ts';
export {
  attachToPod,
  execInPod,
  type ExecOptions,
  type PodContainer,
  type PodStreams,
  type TerminalSize,
} from './streams/run-in-pod.ts';
export { type LeaderOptions, leadWithLease } from './control/lead-with-lease.ts';
export { type IndexBy, keyOf, type StoreChange } from './control/object-store.ts';
export { createWatchCache, type WatchCache, type WatchCacheOptions } from './control/watch-cache.ts';
export { createWorkQueue, type WorkQueue, type WorkQueueOptions, type WorkResult } from './control/work-queue.ts';
