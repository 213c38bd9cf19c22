export {
  ClusterSite,
  type FieldConflict,
  fieldManager,
  readConflicts,
  targetOf,
  type Written,
} from './cluster/cluster-site.ts';
export {
  type ObjectInput,
  type OpenCluster,
  readLive,
  refOf,
  resourceFor,
  toInput,
} from './cluster/live-object.ts';
export { openFolder, sha256 } from './folder/folder-site.ts';
export { type FileChange, writeFiles } from './folder/write-files.ts';
export { nameOfInput, type Performed, type Site, tellChange } from './site.ts';
