// Marks by which a CronJob tells that it saves an app: what makes them, and what judges them, are different rooms.

import { asArray, asObject, asString, type JsonObject, type Path, valueAt } from '../model/index.ts';

/** On every object of a schedule and on its pods; the value is the schedule's name. */
export const scheduleMark = 'nowwhat.dev/schedule';

/** On the pod template: what each run saves, as a Velero `Backup` in JSON. The pod reads it from a file. */
export const backupNote = 'nowwhat.dev/backup';

/** Beside it, where a backup has them: Velero's resource policies, as YAML. */
export const policiesNote = 'nowwhat.dev/resource-policies';

/** On the pod template of drills: what is asked of the app, as YAML. */
export const drillNote = 'nowwhat.dev/probes';

/** What a CronJob tries again and again. */
export interface ScheduledDrill {
  /** The backup schedule whose newest backup it is. */
  readonly of: string;
  /** Namespaces of the backup, and those that they are restored into. */
  readonly fences: readonly (readonly [from: string, to: string])[];
  /** Data of volumes come back, too. */
  readonly restoresVolumes: boolean;
  /** What is asked of the app, as YAML. */
  readonly probes?: string;
}

/** The drill that a CronJob is; `undefined` for any other CronJob. */
export function scheduledDrill(cronJob: JsonObject): ScheduledDrill | undefined {
  const words = wordsOfRun(cronJob);
  const isOurs = asString(valueAt(cronJob, ['metadata', 'labels', scheduleMark])) !== undefined;
  if (!isOurs || words[0] !== 'drill') return undefined;
  const pairs = wordAfter(words, '--into').split(',');
  const path = ['spec', 'jobTemplate', 'spec', 'template', 'metadata', 'annotations', drillNote];
  const probes = asString(valueAt(cronJob, path));
  return {
    of: wordAfter(words, '--from-schedule'),
    fences: pairs.map((pair) => pair.split(':')).map(([from = '', to = '']) => [from, to] as const),
    restoresVolumes: !words.includes('--no-restore-volumes'),
    ...(probes === undefined ? {} : { probes }),
  };
}

/** The `Backup` that a CronJob makes again and again; `undefined` for a CronJob of somebody else's. */
export function scheduledBackup(cronJob: JsonObject): JsonObject | undefined {
  if (asString(valueAt(cronJob, ['metadata', 'labels', scheduleMark])) === undefined) return undefined;
  const template = asObject(valueAt(cronJob, ['spec', 'jobTemplate', 'spec', 'template']));
  const text = asString(valueAt(template, ['metadata', 'annotations', backupNote]));
  try {
    return text === undefined ? undefined : asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Where the words stand that a run gets. */
export const wordsPath: Path = ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers', 0, 'args'];

/** The words that a run gets: options of `backup create`. */
export function wordsOfRun(cronJob: JsonObject): readonly string[] {
  return asArray(valueAt(cronJob, wordsPath)).map((each) => asString(each) ?? '');
}

/** What stands behind an option; '' where it is not among the words. */
export function wordAfter(words: readonly string[], option: string): string {
  const at = words.indexOf(option);
  return at === -1 ? '' : (words[at + 1] ?? '');
}
