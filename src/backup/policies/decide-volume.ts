// How one volume is saved, and why: pure, by Velero's order of who has a say.

import type { PolicyVerdict } from './parse-policies.ts';

export interface VolumeCase {
  /** What a policy says, which goes before all else. */
  readonly policy: PolicyVerdict | undefined;
  /** A pod names it for the copy of its files, or is to have all of them copied and does not exclude it. */
  readonly filesAsked: boolean;
  /** Snapshots are wanted where no policy says otherwise. */
  readonly snapshots: boolean;
}

export interface VolumeDecision {
  readonly method: 'files' | 'snapshot' | 'none';
  /** Who decided it, or what is lacking. */
  readonly reason: string;
}

/** Source: Velero 1.18, internal/volumehelper. */
export function decideVolume({ policy, filesAsked, snapshots }: VolumeCase): VolumeDecision {
  if (policy !== undefined) {
    const { action, where } = policy;
    if (action === 'fs-backup') return { method: 'files', reason: where };
    if (action === 'snapshot') return { method: 'snapshot', reason: where };
    const why = action === 'skip' ? 'says to skip it' : 'leaves it to another program';
    return { method: 'none', reason: `${where} ${why}` };
  }
  if (filesAsked) return { method: 'files', reason: 'its files are asked for' };
  if (snapshots) return { method: 'snapshot', reason: 'no policy and no pod says otherwise' };
  return { method: 'none', reason: 'nobody asks for its data' };
}
