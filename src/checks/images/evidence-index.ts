// Which report is about which image: by the digest first, by the name as container runtimes read it otherwise.

import type { Inventory } from '../../inventory/index.ts';
import { type ImageReference, parseImage } from '../../kube/images.ts';
import { operatorReportKinds, readOperatorReport } from '../../kube/evidence/operator-reports.ts';
import { type ImageEvidence, pushTo } from '../../model/index.ts';
import { fullName } from './image-check.ts';

/** `registry/repository:tag`: a name without a tag means `latest`. */
function taggedName(image: ImageReference): string {
  return `${fullName(image)}:${image.tag ?? 'latest'}`;
}

function newestFirst(a: ImageEvidence, b: ImageEvidence): number {
  return (b.date ?? '').localeCompare(a.date ?? '');
}

export class EvidenceIndex {
  /** Every report on an image, with the objects of the Trivy operator in the input. */
  readonly all: readonly ImageEvidence[];
  private readonly byDigest = new Map<string, ImageEvidence[]>();
  private readonly byName = new Map<string, ImageEvidence[]>();
  private signed: Map<string, string[]> | undefined;
  private readonly found = new Map<string, readonly ImageEvidence[]>();

  constructor(inventory: Inventory) {
    const given = (inventory.snapshot.evidence ?? []).filter((each) => each.about === 'image');
    const inCluster = operatorReportKinds
      .flatMap((kind) => inventory.ofKind(kind))
      .flatMap(({ raw, source }) => readOperatorReport(raw, source.file) ?? []);
    this.all = [...given, ...inCluster];
    for (const each of this.all) this.index(each);
    for (const list of [...this.byDigest.values(), ...this.byName.values()]) list.sort(newestFirst);
  }

  /**
   * Reports on what this reference names, newest first. A digest names content: only reports on that content count, whatever they call it. A tag
   * counts where a report names the same tag of the same repository, or a digest that the newest report on that tag says it has.
   */
  about(image: ImageReference): readonly ImageEvidence[] {
    const key = image.digest ?? taggedName(image);
    let reports = this.found.get(key);
    if (reports === undefined) {
      reports = image.digest === undefined ? this.aboutTag(key) : (this.byDigest.get(key) ?? []);
      this.found.set(key, reports);
    }
    return reports;
  }

  /** Digests of `registry/repository` for which a signature was verified. */
  signedDigests(repository: string): readonly string[] {
    this.signed ??= this.indexSigned();
    return this.signed.get(repository) ?? [];
  }

  private indexSigned(): Map<string, string[]> {
    const signed = new Map<string, string[]>();
    const signatures = this.all.filter(({ signature }) => signature !== undefined);
    for (const { images, digests } of signatures) {
      const names = images.map((text) => parseImage(text)).flatMap((image) => (image.valid ? fullName(image) : []));
      for (const name of new Set(names)) for (const digest of digests) pushTo(signed, name, digest);
    }
    return signed;
  }

  private aboutTag(name: string): readonly ImageEvidence[] {
    const named = this.byName.get(name) ?? [];
    const digests = named.find((each) => each.digests.length > 0)?.digests ?? [];
    const same = digests.flatMap((digest) => this.byDigest.get(digest) ?? []);
    return [...new Set([...named, ...same])].sort(newestFirst);
  }

  private index(evidence: ImageEvidence): void {
    const images = evidence.images.map((text) => parseImage(text)).filter((image) => image.valid);
    for (const digest of new Set([...evidence.digests, ...images.flatMap((image) => image.digest ?? [])]))
      pushTo(this.byDigest, digest, evidence);
    // A name with a digest and no tag says nothing of any tag.
    const tagged = images.filter((image) => image.tag !== undefined || image.digest === undefined);
    for (const name of new Set(tagged.map((image) => taggedName(image)))) pushTo(this.byName, name, evidence);
  }
}

/** The index of an inventory, made once: checks ask for it by `inventory.derive(indexEvidence)`. */
export function indexEvidence(inventory: Inventory): EvidenceIndex {
  return new EvidenceIndex(inventory);
}
