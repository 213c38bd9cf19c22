import { expect, test } from 'vitest';
import { newestPodSecurityMinor, parsePodSecurityProfile } from './index.ts';

test.each([
  ['pod-security/restricted@v1.24', { level: 'restricted', minor: 24 }],
  ['pod-security/baseline@v1.0', { level: 'baseline', minor: 0 }],
  ['pod-security/baseline', { level: 'baseline', minor: newestPodSecurityMinor }],
  ['pod-security/restricted@latest', { level: 'restricted', minor: newestPodSecurityMinor }],
  ['pod-security/restricted@v1.199', { level: 'restricted', minor: 199 }],
])('reads %s', (text, expected) => {
  expect(parsePodSecurityProfile(text)).toEqual(expected);
});

test.each([
  '',
  'pod-security',
  'pod-security/',
  'pod-security/privileged',
  'pod-security/Restricted',
  'pod-security/restricted@',
  'pod-security/restricted@1.24',
  'pod-security/restricted@v1',
  'pod-security/restricted@v1.024',
  'pod-security/restricted@v1.24.1',
  'pod-security/restricted@v2.0',
  'pod-security/restricted@v1.-1',
  ' pod-security/restricted',
  'pod-security/restricted@v1.24\n',
  'cis/restricted',
])('does not take %j for a profile', (text) => {
  expect(parsePodSecurityProfile(text)).toBeUndefined();
});
