// The Pod Security Standards, exactly and per version.

export type { PodSecurityLevel, PodSecurityPod } from './control.ts';
export { judgePodSecurity, newestPodSecurityMinor, type PodSecurityViolation } from './judge.ts';
export { parsePodSecurityProfile, type PodSecurityProfile } from './parse-profile.ts';
