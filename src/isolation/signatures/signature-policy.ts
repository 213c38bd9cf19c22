// Policies by which an engine in the cluster verifies who signed an image: of Kyverno, and of Sigstore's policy controller.

import type { JsonObject } from '../../model/index.ts';

export const signatureEngines = ['kyverno', 'policy-controller'] as const;
export type SignatureEngine = (typeof signatureEngines)[number];

/** A public key in PEM, or an identity that a certificate of Sigstore's Fulcio names. */
export type Signer =
  | { readonly kind: 'key'; readonly pem: string }
  | { readonly kind: 'identity'; readonly issuer: string; readonly subject: string };

export interface SignatureWish {
  readonly engine: SignatureEngine;
  /** Registry and repository, whole or the beginning of it up to a slash: `ghcr.io/team/web`, `ghcr.io/team/`. */
  readonly images: readonly string[];
  readonly signer: Signer;
  /** Refuse, instead of telling only. */
  readonly enforce: boolean;
  /** Empty for all; Kyverno only: the policy controller goes by labels of namespaces. */
  readonly namespaces: readonly string[];
}

const name = 'nowwhat-signed-images';
const rekor = 'https://rekor.sigstore.dev';
const fulcio = 'https://fulcio.sigstore.dev';

/** `docker.io/library/nginx` for `nginx`: engines compare whole names. */
function wholeName(image: string): string {
  const [first = ''] = image.split('/');
  const hasRegistry = image.includes('/') && (first === 'localhost' || /[.:]/.test(first));
  if (hasRegistry) return image;
  return image.includes('/') ? `docker.io/${image}` : `docker.io/library/${image}`;
}

/** Engines look for the pattern anywhere in the name: without its ends, somebody else's name could hold it. */
function anchored(subject: string): string {
  return `${subject.startsWith('^') ? '' : '^'}${subject}${subject.endsWith('$') ? '' : '$'}`;
}

/** Kyverno: `*` stands for any text, a slash too. */
function kyvernoReferences(image: string): string[] {
  const whole = wholeName(image);
  return whole.endsWith('/') ? [`${whole}*`] : [`${whole}:*`, `${whole}@*`];
}

function kyvernoEntry(signer: Signer): JsonObject {
  if (signer.kind === 'key') return { keys: { publicKeys: signer.pem } };
  return { keyless: { issuer: signer.issuer, subjectRegExp: anchored(signer.subject), rekor: { url: rekor } } };
}

/** `kyverno.io/v1` from 1.13, where each rule says what a failure means. While it only audits, Kyverno takes no rule that changes images. */
function kyvernoPolicy({ images, signer, enforce, namespaces }: SignatureWish): JsonObject {
  const where = namespaces.length === 0 ? {} : { namespaces };
  const verification = {
    imageReferences: images.flatMap(kyvernoReferences),
    failureAction: enforce ? 'Enforce' : 'Audit',
    required: true,
    mutateDigest: enforce,
    verifyDigest: enforce,
    attestors: [{ entries: [kyvernoEntry(signer)] }],
  };
  return {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name },
    spec: {
      background: false,
      webhookConfiguration: { timeoutSeconds: 30 },
      rules: [
        {
          name: 'signed',
          match: { any: [{ resources: { kinds: ['Pod'], ...where } }] },
          verifyImages: [verification],
        },
      ],
    },
  };
}

/** `*` is any text without a slash, `**` with one; Docker Hub is `index.docker.io` there. A glob cannot hold the `@` before a digest. */
function sigstoreGlob(image: string): string {
  const whole = wholeName(image).replace(/^docker\.io\//, 'index.docker.io/');
  return whole.endsWith('/') ? `${whole}**` : `${whole}*`;
}

function sigstoreAuthority(signer: Signer): JsonObject {
  if (signer.kind === 'key') return { name: 'signer', key: { data: signer.pem } };
  const identities = [{ issuer: signer.issuer, subjectRegExp: anchored(signer.subject) }];
  return { name: 'signer', keyless: { url: fulcio, identities }, ctlog: { url: rekor } };
}

function sigstorePolicy({ images, signer, enforce }: SignatureWish): JsonObject {
  return {
    apiVersion: 'policy.sigstore.dev/v1beta1',
    kind: 'ClusterImagePolicy',
    metadata: { name },
    spec: {
      mode: enforce ? 'enforce' : 'warn',
      images: images.map((image) => ({ glob: sigstoreGlob(image) })),
      authorities: [sigstoreAuthority(signer)],
    },
  };
}

export function assembleSignaturePolicy(wish: SignatureWish): JsonObject {
  return wish.engine === 'kyverno' ? kyvernoPolicy(wish) : sigstorePolicy(wish);
}
