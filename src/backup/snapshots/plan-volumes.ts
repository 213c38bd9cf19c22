// What becomes of the data of each volume of a backup, and why: pure.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import type { CollectProblem } from '../collect/gap.ts';
import { decideVolume, type VolumeDecision } from '../policies/decide-volume.ts';
import type { VolumeFacts } from '../policies/match-volume.ts';
import type { PolicyVerdict } from '../policies/parse-policies.ts';
import { asksForFiles, type ChosenVolumes } from '../volumes/choose-volumes.ts';
import { chooseClass } from './choose-class.ts';
import type { SnapshotClasses } from './read-classes.ts';
import type { SnapshotToTake } from './snapshot-objects.ts';

/** One volume, with what was decided of it. */
export interface PlannedVolume extends VolumeDecision {
  readonly namespace: string;
  readonly claim?: string;
  /** Name of the persistent volume. */
  readonly volume?: string;
  /** The pod beside which files are read, and the volume's name there. */
  readonly pod?: string;
  readonly name?: string;
  /** Of a snapshot: the CSI driver, and the name of its VolumeSnapshotClass. */
  readonly driver?: string;
  readonly className?: string;
  /** What the snapshot holds goes into the store, and the snapshot does not stay. */
  readonly moved?: true;
  /** Somebody asked for its data: that they are not saved must be told. */
  readonly asked: boolean;
}

export interface PlanningVolumes {
  readonly pods: readonly JsonObject[];
  readonly claims: readonly JsonObject[];
  /** Persistent volumes by name. */
  readonly volumes: ReadonlyMap<string, JsonObject>;
  /** Whose files are saved. */
  readonly chosen: ChosenVolumes;
  /** Files of all volumes, but those that pods exclude. */
  readonly all: boolean;
  readonly policy: ((facts: VolumeFacts) => PolicyVerdict | undefined) | undefined;
  /** Whether snapshots are taken where nobody says otherwise: as a matter of course, because somebody asked for them, or not. */
  readonly snapshots: 'usual' | 'asked' | 'no';
  /** Whether what they hold is moved into the store. */
  readonly movesData?: boolean;
  readonly classes: SnapshotClasses;
  /** Of the backup: they may name classes. */
  readonly annotations: Readonly<Record<string, string>>;
}

interface Named {
  readonly namespace: string;
  readonly name: string;
}

function nameOf({ metadata }: JsonObject): Named {
  const { namespace, name } = asObject(metadata);
  return { namespace: asString(namespace) ?? '', name: asString(name) ?? '' };
}

function keyOf({ namespace, name }: Named): string {
  return `${namespace}/${name}`;
}

/** Claims whose files a pod asks for, as `namespace/name`. */
function askedClaims({ pods, all }: PlanningVolumes): ReadonlySet<string> {
  const keys = pods.flatMap((pod) =>
    asArray(asObject(pod['spec'])['volumes'])
      .map(asObject)
      .filter((volume) => volume['persistentVolumeClaim'] !== undefined && asksForFiles(pod, volume, all))
      .map((volume) => {
        const name = asString(asObject(volume['persistentVolumeClaim'])['claimName']) ?? '';
        return keyOf({ namespace: nameOf(pod).namespace, name });
      }),
  );
  return new Set(keys);
}

class Planning {
  private readonly how: PlanningVolumes;
  private readonly asked: ReadonlySet<string>;

  constructor(how: PlanningVolumes) {
    this.how = how;
    this.asked = askedClaims(how);
  }

  claim(claim: JsonObject): PlannedVolume {
    const { volumes, policy, snapshots } = this.how;
    const place = nameOf(claim);
    const volumeName = asString(asObject(claim['spec'])['volumeName']) ?? '';
    const volume = volumes.get(volumeName);
    const verdict = policy?.({ claim, volume });
    const filesAsked = this.asked.has(keyOf(place));
    const decided = decideVolume({ policy: verdict, filesAsked, snapshots: snapshots !== 'no' });
    const base = {
      namespace: place.namespace,
      claim: place.name,
      ...(volumeName === '' ? {} : { volume: volumeName }),
      asked: decided.method !== 'none',
    };
    if (decided.method === 'files') return { ...base, ...this.files(place, decided) };
    if (decided.method === 'none') return { ...base, ...decided };
    const asked = verdict !== undefined || snapshots === 'asked';
    return { ...base, asked, ...this.snapshot(claim, volume, decided) };
  }

  private snapshot(
    claim: JsonObject,
    volume: JsonObject | undefined,
    { reason }: VolumeDecision,
  ): Pick<PlannedVolume, 'method' | 'reason' | 'driver' | 'className' | 'moved'> {
    const { classes, annotations } = this.how;
    const moved = this.how.movesData === true ? { moved: true as const } : {};
    const none = (why: string) => ({ method: 'none', reason: why }) as const;
    const csi = asObject(volume?.['spec'])['csi'];
    const driver = asString(asObject(csi)['driver']);
    if (volume === undefined) return none(this.whyNoVolume(claim));
    if (driver === undefined) return none('only volumes of CSI drivers have snapshots, and no pod asks for its files');
    if ('obstacle' in classes) return none(classes.obstacle);
    const obstacle = this.obstacleOf(claim) ?? classes.forbidden.get(nameOf(claim).namespace);
    if (obstacle !== undefined) return none(obstacle);
    const chosen = chooseClass({ driver, claim, backupAnnotations: annotations, classes: classes.classes });
    if ('obstacle' in chosen) return none(chosen.obstacle);
    return { method: 'snapshot', reason, driver, className: chosen.name, ...moved };
  }

  /** Of a claim that is bound, the volume is there, and this user does not see it. */
  private whyNoVolume({ spec }: JsonObject): string {
    const name = asString(asObject(spec)['volumeName']) ?? '';
    return name === '' ? 'its claim is bound to no volume' : `its volume ${name} could not be read`;
  }

  private obstacleOf({ spec }: JsonObject): string | undefined {
    const isDevice = asObject(spec)['volumeMode'] === 'Block';
    return this.how.movesData === true && isDevice
      ? 'it is a block device, and only files are moved into the store'
      : undefined;
  }

  /** Beside the pod that was chosen, or why there is none. */
  private files(place: Named, { reason }: VolumeDecision): Pick<PlannedVolume, 'method' | 'reason' | 'pod' | 'name'> {
    const { saved, leftOut } = this.how.chosen;
    const found = saved.find(
      ({ namespace, source }) =>
        namespace === place.namespace && source.kind === 'claim' && source.claim === place.name,
    );
    if (found !== undefined) return { method: 'files', reason, pod: found.pod, name: found.name };
    const left = leftOut.find(({ namespace, claim }) => namespace === place.namespace && claim === place.name);
    return { method: 'none', reason: left?.reason ?? 'no pod uses it, beside which its files could be read' };
  }

  /** Volumes of pods alone, such as directories of the node. */
  private others(): PlannedVolume[] {
    const { saved, leftOut } = this.how.chosen;
    const taken = saved
      .filter(({ source }) => source.kind !== 'claim')
      .map(({ namespace, pod, name }) => ({
        namespace,
        pod,
        name,
        method: 'files' as const,
        reason: 'its files are asked for',
      }));
    const left = leftOut
      .filter(({ claim }) => claim === undefined)
      .map(({ namespace, pod, name, reason }) => ({ namespace, pod, name, method: 'none' as const, reason }));
    return [...taken, ...left].map((each) => ({ ...each, asked: true }));
  }

  all(): PlannedVolume[] {
    const key = ({ namespace, claim, pod, name }: PlannedVolume): string =>
      [namespace, claim ?? '', pod, name].join('/');
    return [...this.how.claims.map((claim) => this.claim(claim)), ...this.others()].toSorted((a, b) =>
      key(a) < key(b) ? -1 : 1,
    );
  }
}

/** By namespace and name. */
export function planVolumes(how: PlanningVolumes): readonly PlannedVolume[] {
  return new Planning(how).all();
}

/** The snapshots among what was planned. */
export function snapshotsOf(planned: readonly PlannedVolume[]): readonly SnapshotToTake[] {
  return planned.flatMap(({ method, namespace, claim, volume, driver, className }) =>
    method === 'snapshot' && claim && volume && driver && className
      ? [{ namespace, claim, volume, driver, className }]
      : [],
  );
}

/** That a snapshot somebody asked for is not taken; of files their own chooser tells. */
export function snapshotProblems(planned: readonly PlannedVolume[], chosen: ChosenVolumes): readonly CollectProblem[] {
  const told = new Set(chosen.leftOut.map(({ namespace, claim = '' }) => `${namespace}/${claim}`));
  return planned.flatMap(({ method, asked, namespace, claim, reason }): CollectProblem[] =>
    method === 'none' && asked && claim !== undefined && !told.has(`${namespace}/${claim}`)
      ? [{ severity: 'warning', namespace, message: `the data of claim ${claim} are not saved: ${reason}` }]
      : [],
  );
}

/** Why the data of persistent volumes are not in the backup, by the volume's name. */
export function reasonsOf(planned: readonly PlannedVolume[]): ReadonlyMap<string, string> {
  return new Map(
    planned.flatMap(({ volume, method, reason }) =>
      volume === undefined || method !== 'none' ? [] : [[volume, reason]],
    ),
  );
}
