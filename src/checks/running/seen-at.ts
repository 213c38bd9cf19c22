// How long something has lasted at least, without a clock: by the latest moment that the cluster itself speaks of.

import type { Inventory } from '../../inventory/index.ts';
import { asArray, asObject, asString, type Diagnostic, type Json } from '../../model/index.ts';
import type { CheckContext } from '../check.ts';
import { metadataOf, readConditions, statusOf } from './live-check.ts';

function timeOf(text: Json | undefined): number {
  const time = Date.parse(asString(text) ?? '');
  return Number.isNaN(time) ? 0 : time;
}

/** Nodes tell that they live every few minutes, pods when something changes: what is written has happened. */
function latestMoment(inventory: Inventory): number {
  let latest = 0;
  const note = (text: Json | undefined): void => {
    latest = Math.max(latest, timeOf(text));
  };
  for (const kind of ['/Pod', '/Node'])
    for (const object of inventory.glimpse(kind)) {
      note(metadataOf(object)['creationTimestamp']);
      for (const { since } of readConditions(statusOf(object)['conditions'])) note(since);
      for (const condition of asArray(statusOf(object)['conditions'])) note(asObject(condition)['lastHeartbeatTime']);
    }
  return latest;
}

/** When the cluster was looked at, at the earliest: milliseconds since 1970. */
export function seenAt({ inventory, options }: CheckContext): number {
  // A snapshot that was saved tells of its own day, not of the day on which it is read.
  const day = (inventory.snapshot.facts.cluster?.savedOn ?? options.today).slice(0, 10);
  return Math.max(inventory.derive(latestMoment), timeOf(`${day}T00:00:00Z`));
}

/** Minutes that have gone by since a moment, at the least; 0 where nobody can tell. */
export function minutesSince(context: CheckContext, moment: Json | undefined): number {
  const from = timeOf(moment);
  return from === 0 ? 0 : Math.max(0, Math.floor((seenAt(context) - from) / 60_000));
}

/** `12 minutes`, `3 hours`, `5 days`. */
export function tellMinutes(minutes: number): string {
  const units = [
    [1440, 'day'],
    [60, 'hour'],
    [1, 'minute'],
  ] as const;
  const [size, name] = units.find(([each]) => minutes >= each * 2) ?? units[2];
  const count = Math.floor(minutes / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** What may still come right by itself is not known to be wrong. */
export function onceItLasts(lasts: boolean, diagnostic: Diagnostic): Diagnostic {
  if (lasts) return diagnostic;
  const evidence = `${diagnostic.evidence ?? ''}; would be settled by a second look some minutes later`;
  return { ...diagnostic, verdict: 'unknown', evidence };
}
