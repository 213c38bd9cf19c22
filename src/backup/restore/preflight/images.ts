// Whether the images of a restore can come to the cluster: what its nodes have, and what registries say to whoever asks them. Pure.

import { type ImageReference, parseImage } from '../../../kube/images.ts';
import { asArray, asObject, asString, type JsonObject, pushTo } from '../../../model/index.ts';
import { finding, type PreflightFinding } from './finding.ts';
import type { Needs } from './needs.ts';
import type { Presence } from './presence.ts';
import type { Surroundings } from './surroundings.ts';

interface NeededImage {
  readonly image: string;
  readonly by: readonly string[];
  /** Nobody may pull it. */
  readonly isNeverPulled: boolean;
}

/** Names of an image as nodes tell them: by its digest where it has one, else by its tag. */
function nodeName({ registry, repository, tag = 'latest', digest }: ImageReference): string {
  return `${registry}/${repository}${digest === undefined ? `:${tag}` : `@${digest}`}`;
}

function nodeNameOf(text: string): string {
  const parsed = parseImage(text);
  return parsed.valid ? nodeName(parsed) : text;
}

function neededImages({ pods }: Needs): NeededImage[] {
  const users = new Map<string, string[]>();
  const never = new Set<string>();
  for (const { by, template } of pods) {
    const { containers, initContainers } = asObject(template['spec']);
    for (const { image, imagePullPolicy } of [...asArray(initContainers), ...asArray(containers)].map(asObject)) {
      const text = asString(image) ?? '';
      if (text === '') continue;
      pushTo(users, text, by);
      if (imagePullPolicy === 'Never') never.add(text);
    }
  }
  return [...users].map(([image, by]) => ({ image, by, isNeverPulled: never.has(image) }));
}

function imagesOf(node: JsonObject): readonly JsonObject[] {
  return asArray(asObject(node['status'])['images']).map(asObject);
}

/** Those that no node is known to have. */
export function absentImages(needs: Needs, { of }: Surroundings): readonly NeededImage[] {
  const nodes = of('nodes') ?? [];
  const there = new Set(
    nodes.flatMap((node) =>
      imagesOf(node).flatMap(({ names }) => asArray(names).map((name) => nodeNameOf(asString(name) ?? ''))),
    ),
  );
  return neededImages(needs).filter(({ image }) => !there.has(nodeNameOf(image)));
}

/** A kubelet tells its largest images only. Source: KubeletConfiguration, nodeStatusMaxImages, 50 unless set. */
const mostTold = 50;

function tellsAll(nodes: readonly JsonObject[]): boolean {
  return nodes.length > 0 && nodes.every((node) => imagesOf(node).length > 0 && imagesOf(node).length < mostTold);
}

function list(images: readonly NeededImage[]): string {
  const shown = images.slice(0, 5).map(({ image }) => image);
  return `${shown.join(', ')}${images.length > shown.length ? ` and ${images.length - shown.length} more` : ''}`;
}

function usersOf(images: readonly NeededImage[]): string[] {
  return images.flatMap(({ by }) => by);
}

/** What can be said without asking anybody. */
function judgeUnasked(images: readonly NeededImage[], { of }: Surroundings): PreflightFinding[] {
  if (images.length === 0) return [];
  const nodes = of('nodes');
  const where =
    nodes === undefined ? 'nodes may not be listed, so that it is not known who has' : 'no node tells that it has';
  const message = `${where} ${list(images)}; whether they can be pulled, --check-images asks their registries`;
  return [finding('unknown', 'image', message, usersOf(images))];
}

function judgeNever(images: readonly NeededImage[], { of }: Surroundings): PreflightFinding[] {
  return images.map(({ image, by }) =>
    tellsAll(of('nodes') ?? [])
      ? finding('problem', 'image', `${image} is on no node, and is never pulled`, by)
      : finding('unknown', 'image', `no node tells that it has ${image}, which is never pulled`, by),
  );
}

function judgeAsked(images: readonly NeededImage[], answers: ReadonlyMap<string, Presence>): PreflightFinding[] {
  const there = images.filter(({ image }) => answers.get(image)?.state === 'there');
  const others = images.flatMap(({ image, by }) => {
    const answer = answers.get(image);
    if (answer === undefined || answer.state === 'there') return [];
    return [finding(answer.state === 'missing' ? 'problem' : 'unknown', 'image', `${image}: ${answer.reason}`, by)];
  });
  if (there.length === 0) return others;
  const message = `their registries have ${list(there)}, seen from here; a node must reach them as well`;
  return [...others, finding('note', 'image', message, usersOf(there))];
}

export function judgeImages(
  needs: Needs,
  surroundings: Surroundings,
  answers: ReadonlyMap<string, Presence>,
): PreflightFinding[] {
  const absent = absentImages(needs, surroundings);
  const pulled = absent.filter(({ isNeverPulled }) => !isNeverPulled);
  return [
    ...judgeNever(
      absent.filter(({ isNeverPulled }) => isNeverPulled),
      surroundings,
    ),
    ...judgeUnasked(
      pulled.filter(({ image }) => !answers.has(image)),
      surroundings,
    ),
    ...judgeAsked(pulled, answers),
  ];
}
