import { describe, expect, it } from 'vitest';
import type { Check } from '../check.ts';
import { runOnText } from '../run-on-text.ts';
import { apiserverAuthorizationMode } from './apiserver-authorization-mode.ts';
import { apiserverEtcdClientCertificate } from './apiserver-etcd-client-certificate.ts';
import { apiserverKubeletClientCertificate } from './apiserver-kubelet-client-certificate.ts';
import { apiserverProfiling } from './apiserver-profiling.ts';
import { apiserverServingCertificate } from './apiserver-serving-certificate.ts';
import { controllerManagerBindAddress } from './controller-manager-bind-address.ts';
import { etcdPeerCertificate } from './etcd-peer-certificate.ts';
import { etcdServingCertificate } from './etcd-serving-certificate.ts';
import { schedulerBindAddress } from './scheduler-bind-address.ts';

const pod = (container: string) => `apiVersion: v1
kind: Pod
metadata: {name: component, namespace: kube-system}
spec: {containers: [{name: component, image: component, ${container}}]}
`;
const command = (...words: string[]) => pod(`command: [${words.map((word) => JSON.stringify(word)).join(', ')}]`);
const outcome = (check: Check, text: string) => runOnText(check, text).outcome;

describe('the flags of a component', () => {
  it.each([
    ['with an equals sign', command('kube-apiserver', '--profiling=false'), 'pass'],
    ['with one dash', command('kube-apiserver', '-profiling=false'), 'pass'],
    ['as two words', command('kube-apiserver', '--profiling', 'false'), 'pass'],
    ['in a folder', command('/usr/local/bin/kube-apiserver', '--profiling=false'), 'pass'],
    ['as arguments', pod('command: [kube-apiserver], args: [--profiling=false]'), 'pass'],
    ['as a switch before another', command('kube-apiserver', '--profiling', '--v=2'), 'fail'],
    ['as a switch at the end', command('kube-apiserver', '--v=2', '--profiling'), 'fail'],
    ['as a switch after a word', command('kube-apiserver', 'false', '--profiling'), 'fail'],
    ['left out', command('kube-apiserver'), 'fail'],
    ['of another program', command('kube-apiserver-proxy', '--profiling=false'), 'unknown'],
  ])('are read %s', (_, text, verdict) => {
    expect(outcome(apiserverProfiling, text)).toBe(verdict);
  });

  it('are told where they stand, with their value', () => {
    const told = (text: string) =>
      runOnText(apiserverProfiling, text).findings.map(({ path, evidence }) => [path, evidence]);
    expect(told(command('kube-apiserver', '--profiling'))).toEqual([
      ['/spec/containers/0/command', '--profiling is set to true'],
    ]);
    expect(told(pod('command: [kube-apiserver], args: [--v=2]'))).toEqual([
      ['/spec/containers/0/args', '--profiling is not set'],
    ]);
  });
});

describe('a certificate and its key', () => {
  it.each([
    [apiserverEtcdClientCertificate, 'kube-apiserver', '--etcd-certfile=a', '--etcd-keyfile=b'],
    [apiserverKubeletClientCertificate, 'kube-apiserver', '--kubelet-client-certificate=a', '--kubelet-client-key=b'],
    [apiserverServingCertificate, 'kube-apiserver', '--tls-cert-file=a', '--tls-private-key-file=b'],
    [etcdPeerCertificate, 'etcd', '--peer-cert-file=a', '--peer-key-file=b'],
    [etcdServingCertificate, 'etcd', '--cert-file=a', '--key-file=b'],
  ] as const)('belong together: $meta.id', (check, program, certificate, key) => {
    expect(outcome(check, command(program, certificate, key))).toBe('pass');
    expect(outcome(check, command(program, certificate))).toBe('fail');
    expect(outcome(check, command(program, key))).toBe('fail');
  });
});

describe('other values', () => {
  it.each([
    ['127.0.0.1', 'pass'],
    ['::1', 'pass'],
    ['0.0.0.0', 'fail'],
  ])('--bind-address=%s: %s', (address, verdict) => {
    expect(outcome(schedulerBindAddress, command('kube-scheduler', `--bind-address=${address}`))).toBe(verdict);
    expect(outcome(controllerManagerBindAddress, command('kube-controller-manager', `--bind-address=${address}`))).toBe(
      verdict,
    );
  });

  it.each([
    ['--authorization-mode=Node,RBAC', 'pass'],
    ['--authorization-config=/etc/authorization.yaml', 'pass'],
    ['--authorization-mode=RBAC,AlwaysAllow', 'fail'],
    ['--v=2', 'fail'],
  ])('%s: %s', (flag, verdict) => {
    expect(outcome(apiserverAuthorizationMode, command('kube-apiserver', flag))).toBe(verdict);
  });
});
