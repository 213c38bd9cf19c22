// The certificate authorities that the system trusts: Node knows only those it was built with, kubectl those of the machine.

import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';

/** Where systems keep them. Source: Go's crypto/x509 (root_linux.go, root_bsd.go). */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

let found: Promise<readonly string[]> | undefined;

async function findBundle(): Promise<readonly string[]> {
  for (const path of bundles) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.includes('BEGIN CERTIFICATE')) return [...rootCertificates, text];
  }
  return rootCertificates;
}

/** PEM texts; read once. */
export function readSystemAuthorities(): Promise<readonly string[]> {
  found ??= findBundle();
  return found;
}
