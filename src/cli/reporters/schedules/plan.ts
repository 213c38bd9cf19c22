// A schedule that is to be made or changed, for the person who is to agree to it.

import type { PlannedChange } from '../../../app/schedules/change-schedule.ts';
import type { PlannedDrills, PlannedSchedule } from '../../../app/schedules/schedule-order.ts';
import { asArray, asObject, asString, type JsonObject } from '../../../model/index.ts';
import { hang } from '../../layout.ts';
import { visible } from '../../style.ts';
import { renderCommands } from '../hooks.ts';
import { type PlanLook, renderClusterPlan } from '../plan.ts';
import { count } from '../words.ts';
import { factLines, keepsText, minuteText, namespacesText, nextText, textOf, timesText } from './words.ts';

function savesText({ outlook, wish }: PlannedSchedule): string {
  const { namespaces, volumes, snapshots, savesVolumes, takesSnapshots } = outlook;
  const { excludedNamespaces } = wish.backup.spec;
  const excludes = asArray(excludedNamespaces).map((each) => asString(each) ?? '');
  const data = [
    ...(savesVolumes ? [`with the files of volumes, today of ${volumes.length}`] : []),
    ...(takesSnapshots ? [`with snapshots of volumes, today of ${snapshots.length}`] : []),
  ];
  const told = data.length === 0 ? 'objects only, no data of volumes' : data.join('; ');
  return `${namespacesText(namespaces, excludes)}; ${told}`;
}

type Planned = PlannedSchedule | PlannedDrills;

/** How runs open the store. */
export function credentialsText({ outlook: { credentials }, wish }: Planned): string {
  if (credentials === undefined)
    return `the account's own: ${Object.entries(wish.accountAnnotations)
      .map(([key, value]) => `${key}=${value}`)
      .join(', ')}`;
  const { secret, keys, isMade } = credentials;
  const told = keys.length === 0 ? 'not looked at' : keys.join(', ');
  return `Secret ${secret}: ${told}${isMade ? '; made of what this machine opens the store with' : ''}`;
}

function facts(planned: PlannedSchedule): (readonly [string, string])[] {
  const { wish, outlook } = planned;
  return [
    ['runs', timesText(wish.time)],
    ['next', wish.paused ? 'never: it is paused' : nextText(outlook.next)],
    ['saves', savesText(planned)],
    ['into', visible(outlook.store)],
    ['keeps', keepsText(wish.words)],
    ['image', visible(wish.image)],
    ['store opened by', visible(credentialsText(planned))],
  ];
}

interface Rule {
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

function rulesOf({ rules }: JsonObject): Rule[] {
  const texts = (value: unknown): string[] => asArray(value).map((each) => asString(each) ?? '');
  return asArray(rules)
    .map(asObject)
    .map(({ resources, verbs }) => ({ resources: texts(resources), verbs: texts(verbs) }));
}

/** Of a role: how much it reads, and all that it may do besides, by name. */
function roleText(role: JsonObject): string {
  const rules = rulesOf(role);
  const reading = rules.filter(({ verbs }) => verbs.some((verb) => ['get', 'list', 'watch'].includes(verb)));
  const read = new Set(reading.flatMap(({ resources }) => resources.filter((each) => each !== 'pods/exec')));
  const may = (verb: string): string[] =>
    rules.filter(({ verbs }) => verbs.includes(verb)).flatMap(({ resources }) => resources);
  const creates = may('create').filter((each) => each !== 'pods/exec');
  const told = [
    `reads ${count(read.size, 'kind')}${read.has('secrets') ? ', Secrets among them' : ''}`,
    ...(creates.length === 0 ? [] : [`makes ${creates.join(', ')}`]),
    ...(may('patch').length === 0 ? [] : [`changes ${may('patch').join(', ')}`]),
    ...(may('delete').length === 0 ? [] : [`deletes ${may('delete').join(', ')}`]),
    ...(may('create').includes('pods/exec') ? ['runs commands in pods'] : []),
  ];
  return visible(told.join('; '));
}

export function rightsLines({ objects }: Planned, look: PlanLook): string[] {
  const roles = objects.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole');
  const rows = roles.map((role) => {
    const namespace = asString(asObject(role['metadata'])['namespace']);
    return [namespace === undefined ? 'in the cluster' : `in ${visible(namespace)}`, roleText(role)] as const;
  });
  return [`  ${look.style.bold('What its account may do')}, and nothing else`, ...factLines(rows, look), ''];
}

function commands({ outlook: { hooks, dumps } }: PlannedSchedule, look: PlanLook): string[] {
  return hooks.length + dumps.length === 0
    ? []
    : [renderCommands({ hooks, dumps }, look).trim().replace(/^/, '  '), ''];
}

export function remarkLines(told: readonly string[], { style, width }: PlanLook): string[] {
  const lines = told.flatMap((each) => hang(`  ${style.warn('!')} `, visible(each), width));
  return lines.length === 0 ? [] : [...lines, ''];
}

/** Nothing of it is done then. */
function refusal({ refused }: Planned, { style, width }: PlanLook): string {
  if (refused.length === 0) return '';
  const text = 'Part of it is refused, and half a schedule makes no backups: nothing of it is made.';
  return textOf([...hang(`  ${style.bad('✗')} `, text, width), '']);
}

/** Of what is new, the steps are enough: `-o yaml` has it all. Of what is there, what would change. */
function withoutNew<P extends Planned>(planned: P): P {
  const previews = planned.previews.filter(({ diff }) => !diff.startsWith('--- /dev/null'));
  return { ...planned, previews };
}

/** A schedule of whatever kind: what it is, and what would be changed for it. */
export function renderPlan(planned: Planned, body: readonly string[], look: PlanLook): string {
  const { namespace, name, plan, isThere } = planned;
  const title = `  ${look.style.bold(visible(`${namespace}/${name}`))}`;
  const state = isThere && plan.steps.length === 0 ? '  is there already as it is wanted' : '';
  return [
    textOf(['', `${title}${state}`, ...body]).trimEnd(),
    '\n',
    renderClusterPlan({ schema: 'nowwhat.dev/cluster-fix/v1', ...withoutNew(planned) }, look),
    '\n',
    refusal(planned, look),
  ].join('');
}

export function renderPlannedSchedule(planned: PlannedSchedule, look: PlanLook): string {
  const { notKept, remarks } = planned.outlook;
  const told = [...notKept.map((each) => `not kept of the file: ${each}`), ...remarks];
  const body = [
    ...factLines(facts(planned), look),
    '',
    ...rightsLines(planned, look),
    ...commands(planned, look),
    ...remarkLines(told, look),
  ];
  return renderPlan(planned, body, look);
}

/** Pausing, going on, and deleting: of what goes, no line of its content is of interest. */
export function renderScheduleChange(planned: PlannedChange, look: PlanLook): string {
  const { missed, plan, action } = planned;
  const previews = action === 'delete' ? [] : planned.previews;
  const already = { pause: 'it is paused already', unpause: 'it is not paused', delete: '', create: '' }[action];
  if (plan.steps.length === 0 && planned.refused.length === 0) return `  ${already}\n`;
  const lost = 'the Secret that was made for it goes with the CronJob: undoing brings the schedule back without it';
  const told = [
    ...(missed === undefined ? [] : [`the run of ${minuteText(missed)} UTC was missed, and begins at once`]),
    ...(planned.losesSecret ? [lost] : []),
  ];
  const notes = told.flatMap((each) => hang(`  ${look.style.warn('!')} `, each, look.width));
  return [
    renderClusterPlan({ schema: 'nowwhat.dev/cluster-fix/v1', ...planned, previews }, look),
    notes.length === 0 ? '\n' : textOf(['', ...notes, '']),
  ].join('');
}
