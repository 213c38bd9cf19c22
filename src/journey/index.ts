export { assembleReport, type ReportInput } from './assemble-report.ts';
export type { LegReport, NextLevel, ReachedLevel, Report, Step } from './report.ts';
