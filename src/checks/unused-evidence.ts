// Tells of reports that count for nothing: about images that the app does not run, or of a benchmark with controls that nobody asks about.

import type { Inventory } from '../inventory/index.ts';
import { parseImage } from '../kube/images.ts';
import type { Evidence, ImageEvidence } from '../model/index.ts';
import { isKnownControl } from './control-plane/benchmark.ts';
import { indexEvidence } from './images/evidence-index.ts';
import { fullName, imagesOf } from './images/image-check.ts';

/** Short names of the images that the app runs, by repository, and the reports that count for them. */
interface Running {
  readonly byRepository: ReadonlyMap<string, string>;
  readonly used: ReadonlySet<Evidence>;
}

function findRunning(inventory: Inventory): Running {
  const index = inventory.derive(indexEvidence);
  const byRepository = new Map<string, string>();
  const used = new Set<Evidence>();
  for (const { image } of imagesOf(inventory.workloads)) {
    byRepository.set(fullName(image), image.familiar);
    for (const report of index.about(image)) used.add(report);
  }
  return { byRepository, used };
}

function tellImages(file: string, reports: readonly ImageEvidence[], { byRepository }: Running): string {
  const names = [...new Set(reports.map(({ images, digests }) => images[0] ?? digests[0] ?? ''))];
  const more = names.length > 1 ? ` and ${names.length - 1} more` : '';
  const parsed = reports.flatMap(({ images }) => images).map((text) => parseImage(text));
  const [near] = parsed.flatMap((image) => (image.valid ? (byRepository.get(fullName(image)) ?? []) : []));
  const instead = near === undefined ? '' : `; it runs ${near}`;
  return `${file} is about ${names[0] ?? ''}${more}, which the app does not run${instead}`;
}

function groupByFile(evidence: readonly Evidence[]): ReadonlyMap<string, readonly Evidence[]> {
  const files = new Map<string, Evidence[]>();
  for (const each of evidence) {
    const list = files.get(each.file);
    if (list === undefined) files.set(each.file, [each]);
    else list.push(each);
  }
  return files;
}

function tellFile(file: string, reports: readonly Evidence[], running: Running): string[] {
  const images = reports.filter((each) => each.about === 'image');
  if (images.length > 0)
    return images.some((each) => running.used.has(each)) ? [] : [tellImages(file, images, running)];
  if (reports.some(({ about }) => about === 'exposure' || about === 'backup')) return [];
  const benches = reports.filter((each) => each.about === 'cluster');
  if (benches.some(({ results }) => results.some((result) => isKnownControl(result)))) return [];
  return [
    `${file} settles nothing: the controls of its benchmark ${benches[0]?.benchmark ?? ''} are others than those that are asked for`,
  ];
}

/** One sentence for each given file that counts for nothing. Objects of the Trivy operator in the input are not told: a cluster has many. */
export function tellUnusedEvidence(inventory: Inventory): string[] {
  const evidence = inventory.snapshot.evidence ?? [];
  if (evidence.length === 0) return [];
  const running = findRunning(inventory);
  return [...groupByFile(evidence)].flatMap(([file, reports]) => tellFile(file, reports, running));
}
