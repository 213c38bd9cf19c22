// Puts digests behind the images in the user's own files: looks them up, plans the edits, and only then writes.

import { readFile } from 'node:fs/promises';
import { imagesOf } from '../../checks/images/image-check.ts';
import { type EditedFile, editFiles, withEditedFiles } from '../../fixes/index.ts';
import { createInventory } from '../../inventory/index.ts';
import { type Change, type Snapshot, type Subject, UserError } from '../../model/index.ts';
import { writeFiles } from '../../targets/index.ts';
import { toSubject } from '../../checks/index.ts';
import { askRegistries } from './ask-registry.ts';
import { type Resolve, withDigest } from './image-name.ts';
import { digestsOfPods, parseRecorded } from './recorded-digests.ts';
import { readLogins } from './registry-login.ts';
import { type ClusterWish, readClusterSnapshot } from '../cluster/open-cluster.ts';
import { readApp, type ReadWish } from '../read-app.ts';
import type { Outside } from '../outside.ts';
import { renderDiff } from '../fix/render-diff.ts';

export interface PinWish extends ReadWish {
  /** A recorded list instead of registries. */
  readonly digestFile?: string | undefined;
  /** The digests that the pods of this cluster run. */
  readonly running?: ClusterWish | undefined;
  /** Look up images that have a digest too. */
  readonly update: boolean;
}

export interface PinnedImage {
  readonly subject: Subject;
  readonly image: string;
  readonly pinned: string;
  /** Who told the digest. */
  readonly source: string;
}

export interface UnpinnedImage {
  readonly subject: Subject;
  readonly image: string;
  /** The end of a sentence. */
  readonly reason: string;
}

export interface PinAnswer {
  readonly schema: 'nowwhat.dev/pin/v1';
  readonly files: readonly { readonly file: string; readonly diff: string }[];
  readonly pinned: readonly PinnedImage[];
  /** Not looked up, or in a place that cannot be edited. */
  readonly unpinned: readonly UnpinnedImage[];
  /** Images that had a digest before. */
  readonly already: number;
}

export interface PinPlan {
  readonly answer: PinAnswer;
  readonly files: readonly EditedFile[];
}

interface Pin extends Change, PinnedImage {}

async function readDigestFile(file: string): Promise<Resolve> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError('path-unreadable', `${file} cannot be read`, 'Give a file that you may read.', cause);
  });
  return parseRecorded(file, text);
}

async function chooseSource({ digestFile, running }: PinWish, outside: Outside): Promise<Resolve> {
  if (digestFile !== undefined) return readDigestFile(digestFile);
  if (running === undefined) return askRegistries(await readLogins(outside.environment));
  const { snapshot } = await readClusterSnapshot(running, undefined, outside);
  return digestsOfPods(snapshot.objects, snapshot.facts.cluster?.context ?? running.context);
}

/** An image that was built on the node has no digest of a registry, and one of the same name in a registry is another image. */
const neverPulled =
  'it is never pulled (imagePullPolicy: Never), so it is in no registry under this name: push it to one, name it there, take the policy out, and pin it then';

interface Found {
  readonly pins: readonly Pin[];
  readonly unpinned: readonly UnpinnedImage[];
  readonly already: number;
}

async function lookUp(snapshot: Snapshot, resolve: Resolve, wish: PinWish, outside: Outside): Promise<Found> {
  const pins: Pin[] = [];
  const unpinned: UnpinnedImage[] = [];
  let already = 0;
  for (const { text, image, path, container, workload } of imagesOf(createInventory(snapshot).workloads)) {
    const { object } = workload;
    const told = { subject: toSubject(object, container.name), image: text };
    if (image.digest !== undefined && !wish.update) {
      already += 1;
      continue;
    }
    if (container.raw['imagePullPolicy'] === 'Never') {
      unpinned.push({ ...told, reason: neverPulled });
      continue;
    }
    outside.progress(`looking up ${image.familiar}`);
    const found = await resolve(image);
    if ('reason' in found) unpinned.push({ ...told, reason: found.reason });
    else {
      const pinned = withDigest(text, image, found.digest);
      if (pinned === text) already += 1;
      else {
        const edits = [{ object, edits: [{ op: 'set' as const, path, value: pinned }] }];
        pins.push({ ...told, pinned, source: found.source, edits, create: [] });
      }
    }
  }
  return { pins, unpinned, already };
}

/** Only images are to differ afterwards, and each as planned. */
function requireExact(before: Snapshot, files: readonly EditedFile[], pins: readonly Pin[]): void {
  const after = imagesOf(createInventory(withEditedFiles(before, files)).workloads);
  const wanted = new Map(pins.map(({ subject, pinned }) => [JSON.stringify(subject), pinned]));
  const wrong = after.find(({ text, container, workload }) => {
    const expected = wanted.get(JSON.stringify(toSubject(workload.object, container.name)));
    return expected !== undefined && expected !== text;
  });
  if (wrong !== undefined) throw new Error(`the edit of ${wrong.text} did not do what was planned`);
}

/** Reads files, looks up digests and edits in memory. Nothing is written. */
export async function planPins(wish: PinWish, outside: Outside): Promise<PinPlan> {
  const { snapshot } = await readApp(wish, outside);
  const found = await lookUp(snapshot, await chooseSource(wish, outside), wish, outside);
  const { files, made, refused } = editFiles(snapshot, found.pins);
  requireExact(snapshot, files, made);
  const answer: PinAnswer = {
    schema: 'nowwhat.dev/pin/v1',
    files: files.map((file) => ({ file: file.file, diff: renderDiff(snapshot, file) })),
    pinned: made.map(({ subject, image, pinned, source }) => ({ subject, image, pinned, source })),
    unpinned: [
      ...found.unpinned,
      ...refused.map(({ wish: { subject, image, pinned }, reason }) => ({
        subject,
        image,
        reason: `${reason}; it would be ${pinned}`,
      })),
    ],
    already: found.already,
  };
  return { answer, files };
}

/** Writes all files of a plan, or none. Throws `UserError` where one has changed since it was read. */
export async function applyPins({ files }: PinPlan): Promise<void> {
  await writeFiles(files);
}
