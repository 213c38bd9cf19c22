export type { Answer, Knock, SeenTls } from './answer.ts';
export { nodeDoors, serviceKnocks } from './doors.ts';
export { findTargets, type Standpoint, type Target, type TargetList } from './find-targets.ts';
export {
  type DoorState,
  type Exchange,
  judgeDoor,
  judgeLine,
  judgeProgram,
  judgeService,
  type Judgement,
  recogniseProgram,
} from './judge-answers.ts';
export { linePrograms, programKnock } from './programs.ts';
