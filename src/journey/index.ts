export { assembleReport, type ReportInput } from './assemble-report.ts';
export { metaForTarget, type Target, targets } from './assign-owners.ts';
export { applyExceptions, type ExceptionRule } from './exceptions.ts';
export { findNew, fingerprint } from './fingerprint.ts';
export { type Gate, judgeGate } from './gate.ts';
export { legTitles, levelNames } from './level-names.ts';
export type { LegReport, NextLevel, ReachedLevel, Report, Step } from './report.ts';
