// `signature-policy`: a policy for the engine in the cluster that verifies who signed the app's images.

import { makeSignaturePolicy, renderSignaturePolicy } from '../../app/security/signature-policy.ts';
import type { SignatureEngine } from '../../isolation/index.ts';
import { type SourceFlags, toOptionalReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { writeOutput } from '../write-output.ts';

export interface SignaturePolicyFlags extends SourceFlags {
  readonly output: 'yaml' | 'json';
  readonly images: readonly string[];
  readonly key?: string;
  readonly issuer?: string;
  readonly identity?: string;
  readonly engine?: SignatureEngine;
  readonly enforce?: boolean;
  readonly in?: readonly string[];
}

export async function runSignaturePolicy(
  inputs: readonly string[],
  flags: SignaturePolicyFlags,
  io: Io,
): Promise<number> {
  const { stdin, environment, today } = io;
  const { images, key, issuer, identity, engine, enforce = false } = flags;
  const wish = { ...toOptionalReadWish(inputs, flags), images, keyFile: key, issuer, identity, engine, enforce };
  const answer = await withProgress(io, flags.quiet ?? false, (progress) =>
    makeSignaturePolicy({ ...wish, policyNamespaces: flags.in ?? [] }, { stdin, environment, today, progress }),
  );
  const text = flags.output === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : renderSignaturePolicy(answer);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return 0;
}
