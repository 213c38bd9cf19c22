// What cosign prints when it has verified: signatures (`cosign verify --output json`), attestations (`cosign verify-attestation`).

import { asArray, asNumber, asObject, asString, type ImageEvidence, type JsonObject } from '../../model/index.ts';
import { present, readDigest } from '../../kube/evidence/report-fields.ts';
import type { Reader } from './reader.ts';

/** The day on which the transparency log took the signature. */
function loggedOn(optional: JsonObject): string | undefined {
  const seconds = asNumber(asObject(asObject(optional['Bundle'])['Payload'])['integratedTime']);
  // Years that a date can be written in; anything else is no time.
  return seconds === undefined || seconds <= 0 || seconds > 4e9
    ? undefined
    : new Date(seconds * 1000).toISOString().slice(0, 10);
}

function readSignature(item: JsonObject, file: string): ImageEvidence[] {
  const critical = asObject(item['critical']);
  const digest = readDigest(asObject(critical['image'])['docker-manifest-digest']);
  if (digest === undefined) return [];
  const optional = asObject(item['optional']);
  const name = asString(asObject(critical['identity'])['docker-reference']) ?? '';
  const date = loggedOn(optional);
  const identity = asString(optional['Subject']);
  const issuer = asString(optional['Issuer']) ?? asString(optional['1.3.6.1.4.1.57264.1.1']);
  return [
    {
      about: 'image',
      tool: 'cosign',
      ...(date === undefined ? {} : { date }),
      file,
      // Without a tag the name says nothing of which image of the repository it is: the digest does.
      images: present([/:[^/]*$/.test(name.replace(/@.*/, '')) ? name : `${name.replace(/@.*/, '')}@${digest}`]),
      digests: [digest],
      signature: {
        ...(identity === undefined || identity === '' ? {} : { identity }),
        ...(issuer === undefined || issuer === '' ? {} : { issuer }),
      },
    },
  ];
}

/** Source: cosign `specs/SIGNATURE_SPEC.md`; the command prints nothing of an image that it could not verify. */
export const cosignReader: Reader = {
  what: 'verified signatures of cosign',
  isList: true,
  recognises: (report) => report.length > 0 && report.every((item) => 'image' in asObject(item['critical'])),
  advice: 'Write it with `cosign verify --output json`.',
  read: (report, file) => report.flatMap((item) => readSignature(item, file)),
};

function parseStatement(item: JsonObject): JsonObject {
  try {
    const bytes = Uint8Array.from(atob(asString(item['payload']) ?? ''), (character) => character.charCodeAt(0));
    return asObject(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    // Told like a statement about nothing.
    return {};
  }
}

function readStatement(statement: JsonObject, file: string): ImageEvidence[] {
  const type = asString(statement['predicateType']) ?? '';
  if (!/cyclonedx|spdx/i.test(type)) return [];
  const predicate = asObject(statement['predicate']);
  const bom = asObject(predicate['Data'] ?? predicate);
  const components = asArray(bom['components'] ?? bom['packages']).length;
  return asArray(statement['subject']).flatMap((each): ImageEvidence[] => {
    const subject = asObject(each);
    const digest = readDigest(`sha256:${asString(asObject(subject['digest'])['sha256']) ?? ''}`);
    if (digest === undefined) return [];
    const name = asString(subject['name']) ?? '';
    return [
      {
        about: 'image',
        tool: 'cosign',
        file,
        images: present([`${name}@${digest}`]),
        digests: [digest],
        sbom: { components },
      },
    ];
  });
}

/** An envelope of in-toto around a bill of materials. It does not show by itself that its signature was verified, so it counts as the bill only. */
export const attestationReader: Reader = {
  what: 'attestation of cosign',
  isList: true,
  recognises: (report) =>
    report.length > 0 &&
    report.every((item) => item['payloadType'] === 'application/vnd.in-toto+json' && 'payload' in item),
  advice: 'Only attestations of type cyclonedx and spdxjson are read.',
  read: (report, file) => report.flatMap((item) => readStatement(parseStatement(item), file)),
};
