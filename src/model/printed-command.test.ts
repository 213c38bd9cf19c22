import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterOptions, kubectlCommand, kubectlIn, shellCommand } from './printed-command.ts';

const prod = {
  context: 'prod',
  kubeconfig: "/home/me/my 'kube'/config",
  impersonate: { user: 'ann', groups: ['a', 'b'] },
};

describe('a printed command', () => {
  it('leads to the cluster that the user named, as the same user', () => {
    expect(kubectlCommand(['delete', 'namespace', 'a'], prod)).toBe(
      "kubectl --context prod --kubeconfig '/home/me/my '\\''kube'\\''/config' --as ann --as-group a --as-group b delete namespace a",
    );
    expect(clusterOptions({ context: '.' })).toEqual(['--context', '.']);
  });

  it('says nothing of a cluster that is found without', () => {
    expect(kubectlCommand(['get', 'pods'])).toBe('kubectl get pods');
    expect(kubectlCommand(['get', 'pods'], { context: '.' })).toBe('kubectl get pods');
    expect(kubectlCommand(['get', 'pods'], { context: '' })).toBe('kubectl get pods');
  });

  it('is found in a sentence', () => {
    expect(kubectlIn('look with `kubectl get pods`, as kubectl does', { context: 'a b' })).toBe(
      "look with `kubectl --context 'a b' get pods`, as kubectl does",
    );
    expect(kubectlIn('kubectl get pods', { context: 'a' })).toBe('kubectl --context a get pods');
  });

  it('is read by a shell as it was meant, whatever its words', () => {
    const word = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        const read = execFileSync('sh', ['-c', `printf '%s\\0' ${shellCommand(words)}`], { encoding: 'utf8' });
        expect(read.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 25 },
    );
  });
});
