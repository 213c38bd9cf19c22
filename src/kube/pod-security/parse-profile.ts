// The profile as a user writes it: `pod-security/restricted@v1.24`.

import type { PodSecurityLevel } from './control.ts';
import { newestPodSecurityMinor } from './judge.ts';

export interface PodSecurityProfile {
  readonly level: PodSecurityLevel;
  /** Policy version 1.N as N; the newest one where none or `latest` is given. */
  readonly minor: number;
}

const syntax = /^pod-security\/(?<level>baseline|restricted)(?:@(?:latest|v1\.(?<minor>0|[1-9][0-9]{0,3})))?$/;

/** `undefined` for what is not a profile of these standards. Versions are written as in the labels of a namespace. */
export function parsePodSecurityProfile(text: string): PodSecurityProfile | undefined {
  const { level, minor } = syntax.exec(text)?.groups ?? {};
  if (level !== 'baseline' && level !== 'restricted') return undefined;
  return { level, minor: minor === undefined ? newestPodSecurityMinor : Number(minor) };
}
