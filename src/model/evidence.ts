// Evidence: what other tools have found out about the app's images and its cluster, in one shape whatever tool said it.

import type { Severity } from './severity.ts';
import type { JsonObject } from './json-value.ts';

interface EvidenceSource {
  /** The tool as it names itself: `Trivy`, `grype`, `cosign`, `kube-bench`. */
  readonly tool: string;
  readonly toolVersion?: string;
  /** ISO date on which the tool looked; left out where nothing says when. */
  readonly date?: string;
  /** File that holds the report, as shown to the user. */
  readonly file: string;
}

/** One known vulnerability of one package in an image. */
export interface Vulnerability {
  readonly id: string;
  readonly severity: Severity | 'unknown';
  readonly package: string;
  readonly installed: string;
  /** Whether a version without it exists; `unknown` where the format does not say. */
  readonly fix: 'available' | 'none' | 'unknown';
  /** The version without it, where it is named. */
  readonly fixed?: string;
}

export interface Signature {
  /** Who signed: the subject of the certificate; left out where a key was used. */
  readonly identity?: string;
  /** Who vouches for the identity: an OIDC issuer. */
  readonly issuer?: string;
}

/** What one report says of one image. */
export interface ImageEvidence extends EvidenceSource {
  readonly about: 'image';
  /** Names of the image as the report gives them: `nginx:1.27`, `ghcr.io/shop/web@sha256:…`. */
  readonly images: readonly string[];
  /** Digests of its manifest or of its index (`sha256:…`): the content the report is about. */
  readonly digests: readonly string[];
  /** What a scanner found; an empty list means that it looked and found nothing. */
  readonly vulnerabilities?: readonly Vulnerability[];
  /** The image's bill of materials. */
  readonly sbom?: { readonly components: number };
  /** A signature that was verified. */
  readonly signature?: Signature;
}

/** Result of one control of a CIS benchmark. */
export interface BenchResult {
  /** Number in the benchmark that was run, such as `1.2.16`: it differs between versions. */
  readonly id: string;
  /** The control's own words. */
  readonly text: string;
  /** `WARN`: a person must look; `INFO`: left out. */
  readonly status: 'PASS' | 'FAIL' | 'WARN' | 'INFO';
  /** Kind of node: `master`, `etcd`, `controlplane`, `node`, `policies`. */
  readonly nodeType: string;
}

/** What kube-bench says of one node. */
export interface BenchEvidence extends EvidenceSource {
  readonly about: 'cluster';
  /** Benchmark that was run, such as `cis-1.10`. */
  readonly benchmark: string;
  readonly results: readonly BenchResult[];
}

/** What one door of the cluster answered to somebody without a login. */
export interface SeenDoor {
  /** `203.0.113.7:2379`. */
  readonly address: string;
  /** `etcd-client`, `kubelet`, `metadata-service`, …, or `service`. */
  readonly door: string;
  readonly title: string;
  /** `silent`: no answer, which is not closed; `answers`: something is there and gives nothing away. */
  readonly state: 'open' | 'guarded' | 'answers' | 'closed' | 'silent';
  /** Without a word of what was read. */
  readonly evidence: string;
  /** Of an open door: what whoever reaches it may do. */
  readonly what?: string;
  readonly severity?: Severity;
  readonly service?: { readonly namespace: string; readonly name: string };
}

/** What `nowwhat probe` found from one place. */
export interface ExposureEvidence extends EvidenceSource {
  readonly about: 'exposure';
  readonly from: 'outside' | 'inside';
  readonly doors: readonly SeenDoor[];
}

/** What a backup store says of one backup that has completed; `date` is its day, `file` the store. */
export interface BackupEvidence extends EvidenceSource {
  readonly about: 'backup';
  readonly backup: string;
  /** `spec` of Velero's `Backup`: what was taken. */
  readonly spec: JsonObject;
  /** Schedule that made it; '' for none. */
  readonly schedule: string;
  /** Claims, `namespace/name`, that would come back empty; none where databases were dumped. */
  readonly withoutData: readonly string[];
  /** ISO date of the last drill that restored it as it was; left out where none has. */
  readonly proven?: string;
}

export type Evidence = ImageEvidence | BenchEvidence | ExposureEvidence | BackupEvidence;
