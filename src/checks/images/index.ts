// The checks of the family images, in the order of the report.

import type { Check } from '../check.ts';
import { imageInvalid } from './image-invalid.ts';
import { imageLatest } from './image-latest.ts';
import { imageNotDigest } from './image-not-digest.ts';
import { imageNotScanned } from './image-not-scanned.ts';
import { imageNotSigned } from './image-not-signed.ts';
import { imagePullPolicy } from './image-pull-policy.ts';
import { imagePullSecret } from './image-pull-secret.ts';
import { imageRegistryNotAllowed } from './image-registry-not-allowed.ts';
import { imageRegistryRetired } from './image-registry-retired.ts';
import { imageUnqualified } from './image-unqualified.ts';
import { imageVersionsDiffer } from './image-versions-differ.ts';
import { imageVulnerable } from './image-vulnerable.ts';
import { imageWithoutSbom } from './image-without-sbom.ts';

export const imagesChecks: readonly Check[] = [
  imageInvalid,
  imagePullSecret,
  imageLatest,
  imageVersionsDiffer,
  imagePullPolicy,
  imageRegistryRetired,
  imageRegistryNotAllowed,
  imageUnqualified,
  imageNotDigest,
  imageVulnerable,
  imageNotScanned,
  imageNotSigned,
  imageWithoutSbom,
];
