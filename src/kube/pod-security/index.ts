// The Pod Security Standards, exactly and per version.

export { type PodSecurityLevel, type PodSecurityPod, viewOf } from './control.ts';
export {
  judgePodSecurity,
  newestPodSecurityMinor,
  type PodSecurityRule,
  podSecurityRules,
  type PodSecurityViolation,
} from './judge.ts';
export { parsePodSecurityProfile, type PodSecurityProfile } from './parse-profile.ts';
