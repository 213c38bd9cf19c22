// The Pod Security Standards as checks that run only where a profile is asked for.

export { checksOfProfile, podSecurityChecks } from './profile-checks.ts';
