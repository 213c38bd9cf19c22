// An in-memory Kubernetes API over real HTTP, for demo, development and tests with no cluster at hand.

export type { PlaygroundUser } from './access/users.ts';
export type { PlaygroundClock } from './clock.ts';
export type { ExecCall, ExecResult, ExecScript, LogScript, Scripts } from './exec/scripts.ts';
export type { Fault, FaultEffect, FaultFilter, Faults } from './faults.ts';
export { type Playground, type PlaygroundOptions, startPlayground } from './playground.ts';
