import { expect, it } from 'vitest';
import { hideSecrets, standIn, toBase64 } from './hide-secrets.ts';

it('a secret is hidden plain, escaped, by lines and in base64', () => {
  const secret = 'first "line"\nsecond ü';
  const printed = [secret, JSON.stringify(secret), 'x: second ü', `y: ${toBase64(secret)}`].join('\n');
  expect(hideSecrets(printed, [secret])).toBe(
    [standIn, `"${standIn}"`, `x: ${standIn}`, `y: ${toBase64(standIn)}`].join('\n'),
  );
});

it('a secret as long as Kubernetes takes them is hidden', () => {
  const secret = 'k'.repeat(1_000_000);
  expect(hideSecrets(`a: ${toBase64(secret)}`, [secret])).toBe(`a: ${toBase64(standIn)}`);
});
