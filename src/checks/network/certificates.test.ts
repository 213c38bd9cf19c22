import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../model/index.ts';
import { runOnText } from '../run-on-text.ts';
import { certificateExpired } from './certificate-expired.ts';
import { certificateHostMismatch } from './certificate-host-mismatch.ts';
import { certificateUnusable } from './certificate-unusable.ts';

/** Valid from 2024-01-01 to 2025-12-31 for shop.example.org. */
const old = `-----BEGIN CERTIFICATE-----
MIIBazCCARKgAwIBAgIBATAKBggqhkjOPQQDAjAaMRgwFgYDVQQDDA9vbGQuZXhh
bXBsZS5vcmcwHhcNMjQwMTAxMDAwMDAwWhcNMjUxMjMxMjM1OTU5WjAaMRgwFgYD
VQQDDA9vbGQuZXhhbXBsZS5vcmcwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARP
jr+hC28GidxtpFD44B/jlE0Y6kpkyspE33yGTd1fw48I7vI1kpyb7f9ZPibFy8hZ
6TJfL87IHmOj8m1vH8Zio0kwRzAJBgNVHRMEAjAAMBsGA1UdEQQUMBKCEHNob3Au
ZXhhbXBsZS5vcmcwHQYDVR0OBBYEFMHiZgDcLLELMpcpyyk5m34CcHM9MAoGCCqG
SM49BAMCA0cAMEQCIDL8k06eG+ItM5AQ1zBb16fYsCZgHkhcrhEKog4lb0XzAiBE
Er3sneq/fLKfzRv1xlFx9aaVtEEtDj5CMUokarWBlA==
-----END CERTIFICATE-----`;
/** Valid through 2025 and 2026 for shop.example.org, *.shop.example.org, 192.0.2.7 and 2001:db8::1. */
const wild = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUCgAwIBAgIBATAKBggqhkjOPQQDAjAbMRkwFwYDVQQDDBB3aWxkLmV4
YW1wbGUub3JnMB4XDTI1MDEwMTAwMDAwMFoXDTI3MDEwMTAwMDAwMFowGzEZMBcG
A1UEAwwQd2lsZC5leGFtcGxlLm9yZzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
BACVf7fqJux8MG6Z/JJfaabVUlT7GqrsKzCPxHx4tth9Xnqcuy0gxoa1r9ZB9Opo
bpw2+pUzAnik9Vmhc7JrgrCjdTBzMAkGA1UdEwQCMAAwRwYDVR0RBEAwPoIQc2hv
cC5leGFtcGxlLm9yZ4ISKi5zaG9wLmV4YW1wbGUub3JnhwTAAAIHhxAgAQ24AAAA
AAAAAAAAAAABMB0GA1UdDgQWBBS+JXe53FM0oMuqrYh5SugnNOq/nzAKBggqhkjO
PQQDAgNIADBFAiB+FnJIZ76eJzbax2IP8gbKcpoHDH6ix/1+z+N1RuCLfQIhAIXx
53I6DSFjSvOqSnYjtUAMfqBqIR2eRET7YF6/9Ty/
-----END CERTIFICATE-----`;

function secretOf(values: Record<string, string>, field = 'stringData', name = 'web-tls'): string {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'kubernetes.io/tls', [field]: values };
  return `${JSON.stringify(secret)}\n---\n`;
}

function ofCluster(snapshot: Snapshot): Snapshot {
  const objects = snapshot.objects.map((object) => ({
    ...object,
    source: { ...object.source, origin: { kind: 'cluster' as const, unit: 'here' } },
  }));
  return {
    ...snapshot,
    objects,
    facts: { ...snapshot.facts, cluster: { context: 'here', serverVersion: 'v1.34.2', namespaces: [], notListed: [] } },
  };
}

describe('certificate-expired', () => {
  it.each([
    ['2023-12-31', 'high', 'is not valid before 2024-01-01'],
    ['2024-01-01', undefined, ''],
    ['2025-11-30', undefined, ''],
    ['2025-12-01', 'medium', 'expires in 30 days'],
    ['2025-12-30', 'medium', 'expires in 1 day,'],
    ['2025-12-31', 'medium', 'expires in 0 days'],
    ['2026-01-01', 'high', 'has expired on 2025-12-31'],
  ])('on %s is %s', (today, severity, text) => {
    const { findings } = runOnText(certificateExpired, secretOf({ 'tls.crt': old }), { today });
    expect(findings.map((finding) => finding.severity)).toEqual(severity === undefined ? [] : [severity]);
    expect(findings[0]?.message ?? '').toContain(text);
  });

  it('looks at the whole chain, wherever it stands', () => {
    const chain = Buffer.from(`${wild}\n${old}\n`).toString('base64');
    const { findings } = runOnText(certificateExpired, secretOf({ 'tls.crt': chain }, 'data'));
    expect(findings).toMatchObject([{ path: '/data/tls.crt', severity: 'high' }]);
  });

  it('is unknown where values of Secrets are not read', () => {
    const text = secretOf({ 'tls.crt': '', 'tls.key': '' }, 'data');
    expect(runOnText(certificateExpired, text, { snapshot: ofCluster }).outcome).toBe('unknown');
    expect(runOnText(certificateUnusable, text, { snapshot: ofCluster }).outcome).toBe('not-applicable');
  });

  it('takes nothing for a certificate that is filled in later', () => {
    for (const value of [
      '${TLS_CRT}',
      '<path:secret/tls#crt>',
      '{{ .crt }}',
      'ENC[AES256,data:x]',
      'ref+vault://tls',
      '',
    ])
      for (const check of [certificateExpired, certificateUnusable]) {
        expect(runOnText(check, secretOf({ 'tls.crt': value })).findings).toEqual([]);
        const encoded = Buffer.from(value).toString('base64');
        expect(runOnText(check, secretOf({ 'tls.crt': encoded }, 'data')).findings).toEqual([]);
      }
  });
});

describe('certificate-unusable', () => {
  it('never tells what the values are', () => {
    const { findings } = runOnText(certificateUnusable, secretOf({ 'tls.crt': 'aHVzaGh1c2g=' }, 'data'));
    expect(findings).toHaveLength(1);
    expect(JSON.stringify(findings)).not.toMatch(/hush|aHVz/);
  });

  it('says nothing of a key that it cannot read', () => {
    expect(runOnText(certificateUnusable, secretOf({ 'tls.crt': wild, 'tls.key': 'no key' })).findings).toEqual([]);
  });
});

describe('certificate-host-mismatch', () => {
  const ingress = (tls: unknown, ...hosts: string[]): string =>
    JSON.stringify({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'web' },
      spec: { tls, rules: hosts.map((host) => ({ host })) },
    });

  it('takes the hosts of the rules where an entry names none', () => {
    const text =
      secretOf({ 'tls.crt': wild }) + ingress([{ secretName: 'web-tls' }], 'shop.example.org', 'api.example.org');
    expect(runOnText(certificateHostMismatch, text).findings).toMatchObject([{ path: '/spec/rules/1/host' }]);
  });

  it('says nothing of Secrets that are not in the input or hold no certificate yet', () => {
    const other = ingress([{ secretName: 'web-tls', hosts: ['api.example.org'] }]);
    expect(
      runOnText(certificateHostMismatch, secretOf({ 'tls.crt': wild }, 'stringData', 'other') + other).findings,
    ).toEqual([]);
    expect(runOnText(certificateHostMismatch, secretOf({ 'tls.crt': '' }) + other).findings).toEqual([]);
  });

  it('lets a listener choose among its certificates', () => {
    const gateway = (...names: string[]): string =>
      JSON.stringify({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'Gateway',
        metadata: { name: 'edge' },
        spec: {
          listeners: [{ hostname: 'a.shop.example.org', tls: { certificateRefs: names.map((name) => ({ name })) } }],
        },
      });
    const secrets = secretOf({ 'tls.crt': old }, 'stringData', 'old') + secretOf({ 'tls.crt': wild });
    expect(runOnText(certificateHostMismatch, secrets + gateway('old')).findings).toHaveLength(1);
    expect(runOnText(certificateHostMismatch, secrets + gateway('old', 'web-tls')).findings).toEqual([]);
    expect(runOnText(certificateHostMismatch, secrets + gateway('old', 'elsewhere')).findings).toEqual([]);
  });
});
