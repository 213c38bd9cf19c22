export { assembleReport, type ReportInput } from './assemble-report.ts';
export { askProvider, metaForTarget, type Target, targetOfProvider, targets } from './assign-owners.ts';
export { applyExceptions, type ExceptionRule } from './exceptions.ts';
export { fingerprint } from './fingerprint.ts';
export { type Gate, judgeGate } from './gate.ts';
export { groupByCheck, isOpen } from './judged.ts';
export { legTitles, levelNames } from './level-names.ts';
export { rightsToRead } from './rights-to-read.ts';
export type { GateResult, LegReport, NextLevel, ReachedLevel, Report, Step } from './report.ts';
