// What came of a rehearsal, on a copy or beside the app itself.

import type { RehearsalPlan } from '../../../inference/index.ts';
import type { Asked, State } from './asking.ts';

/** Shown to be open before and refused then: without it the network may hold nobody to anything. */
export interface Control {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly before: State;
  /** With everything closed on a copy; with the policies on the app itself. */
  readonly closed: State;
}

export interface RehearsalReport {
  readonly schema: 'nowwhat.dev/network-rehearsal/v1';
  /** `copy`: of stand-ins only. `live`: stand-ins that call the pods of the app. */
  readonly mode: 'copy' | 'live';
  readonly source: string;
  readonly context: string;
  /** Version of the cluster: `v1.34.1`. */
  readonly kubernetes: string;
  readonly date: string;
  readonly image: string;
  readonly control: Control;
  /** False where the control did not fail: then nothing is shown. */
  readonly counts: boolean;
  /** Empty where it was ended early. */
  readonly asked: readonly Asked[];
  /** Otherwise than predicted. */
  readonly surprises: readonly Asked[];
  readonly notProbed: RehearsalPlan['notProbed'];
  /** Why a live one was ended before all was asked: `Pod shop/web-0 was not ready any more`. */
  readonly trouble?: string;
}

/** Whether it shows what it is for. */
export function isShown({ counts, surprises, trouble }: RehearsalReport): boolean {
  return counts && surprises.length === 0 && trouble === undefined;
}
