// A policy by which the cluster verifies who signed the app's images, for the engine that is there.

import { readFile } from 'node:fs/promises';
import { renderBlock } from '../../fixes/index.ts';
import { prepareInventory } from '../../inventory/index.ts';
import {
  assembleSignaturePolicy,
  findSignatureEngines,
  type SignatureEngine,
  type Signer,
} from '../../isolation/index.ts';
import { type JsonObject, kubectlCommand, type NamedCluster, UserError } from '../../model/index.ts';
import { readApp, type ReadWish } from '../read-app.ts';
import type { Outside } from '../outside.ts';

export interface SignaturePolicyWish extends ReadWish {
  readonly images: readonly string[];
  readonly keyFile?: string | undefined;
  readonly issuer?: string | undefined;
  readonly identity?: string | undefined;
  readonly engine?: SignatureEngine | undefined;
  readonly enforce: boolean;
  readonly policyNamespaces: readonly string[];
}

export interface SignaturePolicyAnswer {
  readonly schema: 'nowwhat.dev/signature-policy/v1';
  readonly engine: SignatureEngine;
  /** True where the input shows the engine. */
  readonly seen: boolean;
  readonly policy: JsonObject;
  /** What must be done besides for it to count. */
  readonly notices: readonly string[];
}

async function readKey(file: string): Promise<Signer> {
  const pem = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError('path-unreadable', `${file} cannot be read`, 'Give a file that you may read.', cause);
  });
  if (/^-----BEGIN PUBLIC KEY-----\n[\s\S]+-----END PUBLIC KEY-----\s*$/.test(pem.replaceAll('\r\n', '\n')))
    return { kind: 'key', pem: `${pem.replaceAll('\r\n', '\n').trim()}\n` };
  throw new UserError(
    'invalid-option',
    `${file} is not a public key in PEM`,
    'Give the public half: cosign public-key, or cosign.pub. A private key must not leave its place.',
  );
}

async function signerOf({ keyFile, issuer, identity }: SignaturePolicyWish): Promise<Signer> {
  if (keyFile !== undefined && issuer === undefined && identity === undefined) return readKey(keyFile);
  if (keyFile === undefined && issuer !== undefined && identity !== undefined)
    return { kind: 'identity', issuer, subject: identity };
  throw new UserError(
    'invalid-option',
    'who signs was not said in one way',
    'Give --key with a public key, or --issuer and --identity of a signer without keys.',
  );
}

async function chooseEngine(
  wish: SignaturePolicyWish,
  outside: Outside,
): Promise<{ engine: SignatureEngine; seen: boolean }> {
  const isEmpty = wish.inputs.length === 0 && wish.cluster === undefined;
  const found = isEmpty ? [] : findSignatureEngines(await prepareInventory((await readApp(wish, outside)).snapshot));
  const engine = wish.engine ?? found[0];
  if (engine !== undefined) return { engine, seen: found.includes(engine) };
  throw new UserError(
    'no-policy-engine',
    'no engine that verifies signatures is in the input',
    'Install Kyverno or the Sigstore policy controller, or name the one that there will be with --engine. An admission policy alone cannot verify; it can ask for digests: nowwhat guard-rails --check image-not-digest.',
  );
}

function noticesOf(engine: SignatureEngine, namespaces: readonly string[], cluster: NamedCluster = {}): string[] {
  if (engine === 'kyverno') return [];
  const where = namespaces.length === 0 ? ['NAMESPACE'] : namespaces;
  const command = kubectlCommand(['label', 'namespace', ...where, 'policy.sigstore.dev/include=true'], cluster);
  return [`The policy controller looks at namespaces with a label: ${command}`];
}

/** Reads the input for the engine that is there; nothing is written anywhere. */
export async function makeSignaturePolicy(wish: SignaturePolicyWish, outside: Outside): Promise<SignaturePolicyAnswer> {
  const signer = await signerOf(wish);
  const { engine, seen } = await chooseEngine(wish, outside);
  const { images, enforce, policyNamespaces: namespaces } = wish;
  return {
    schema: 'nowwhat.dev/signature-policy/v1',
    engine,
    seen,
    policy: assembleSignaturePolicy({ engine, images, signer, enforce, namespaces }),
    notices: noticesOf(engine, namespaces, wish.cluster),
  };
}

/** The policy as a file for `kubectl apply -f`. */
export function renderSignaturePolicy({ policy, notices }: SignaturePolicyAnswer): string {
  const head = notices.map((notice) => `# ${notice}\n`).join('');
  return `${head}${renderBlock(policy, { column: 0, newLine: '\n' })}\n`;
}
