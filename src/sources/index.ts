// Where a snapshot comes from.

export { type LogReader, readAuditLog, type ReadLog } from './audit/read-audit-log.ts';
export { toPathError } from './files/file-problem.ts';
export { type ClusterReader, type ListedKind, NotPermitted } from './cluster/cluster-reader.ts';
export { traceReleases } from './cluster/trace-releases.ts';
export { readCluster } from './cluster/read-cluster.ts';
export { isPastOverlay } from './post-render/apply-overlay.ts';
export { helmOutput, type PostRender } from './post-render/overlay.ts';
export { type ChartRelease, mayDeploy, type Written } from './releases/chart-release.ts';
export type { ReadOptions } from './read-options.ts';
export { loadSaved } from './saved/load-saved.ts';
export { isSavedSnapshot, snapshotLines } from './saved/snapshot-lines.ts';
export { parseEvidence } from './evidence/parse-evidence.ts';
export { readGivenEvidence, readSnapshot } from './read-snapshot.ts';
export type { Sibling, Siblings } from './kustomize/find-siblings.ts';
export { copyForTrial, type TrialCopy, type TrialReading, type TrialFile, type TrialUnit } from './trial/trial-copy.ts';
export { readUnitFiles, type UnitFiles, type ValuesFile } from './trial/read-unit-files.ts';
