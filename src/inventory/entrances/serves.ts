// Whether a program of the cluster serves what an Ingress asks for: yes, no, or not known.

import type { Program } from '../cluster-facts/view.ts';
import type { Candidate } from './entrances.ts';
import { type ClassSettings, type KnownController, knownControllers, unknownProgram } from './known-controllers.ts';
import { readServedClasses, type ServedClasses } from './read-settings.ts';
import type { WantedClass } from './wanted-class.ts';

/** `undefined`: not known. */
export type Serves = boolean | undefined;

function holds(names: readonly string[] | undefined, name: string): Serves {
  return names?.includes(name);
}

function both(a: Serves, b: Serves): Serves {
  if (a === false || b === false) return false;
  return a === undefined || b === undefined ? undefined : true;
}

/** Some serve every class that names their kind, until a flag narrows it to one. */
function takesAnyName({ isNamed, names }: ServedClasses, { decidedBy, classless }: ClassSettings): boolean {
  return decidedBy === 'both' && classless === 'without-name' && !isNamed && names !== undefined;
}

/** The class is known: its name, and the controller it names. */
function servesKnownClass(
  served: ServedClasses,
  settings: ClassSettings,
  { name, controller }: Pick<WantedClass, 'name' | 'controller'>,
): Serves {
  const isController = served.controller === undefined ? undefined : served.controller === controller;
  if (settings.decidedBy === 'controller') return isController;
  const isName = takesAnyName(served, settings) ? true : holds(served.names, name);
  return settings.decidedBy === 'name' ? isName : both(isController, isName);
}

/** Only the name is known: equal names are taken for the same class, and another name says nothing where the controller decides. */
function servesName(served: ServedClasses, settings: ClassSettings, name: string): Serves {
  const isName = holds(served.names, name);
  return isName === false && (settings.decidedBy === 'controller' || takesAnyName(served, settings))
    ? undefined
    : isName;
}

function watches({ namespaces }: ServedClasses, namespace: string): Serves {
  if (namespaces === undefined) return undefined;
  return namespaces.length === 0 || namespaces.includes(namespace);
}

function servesClass(served: ServedClasses, settings: ClassSettings, wanted: WantedClass): Serves {
  const { by, name, controller } = wanted;
  if (by === 'none') return served.classless;
  if (by === 'annotation') return holds(served.names, name);
  const own =
    controller === undefined ? servesName(served, settings, name) : servesKnownClass(served, settings, wanted);
  // Where a default is filled in only when an Ingress is made, one that is older has none.
  return by === 'default' && own !== true && served.classless === true ? true : own;
}

/** One whose kind decides: it is told nothing by flags. */
function servesByKind({ ingress, annotations = [] }: KnownController, { by, name, controller }: WantedClass): Serves {
  if (controller !== undefined) return ingress?.test(controller) ?? false;
  const isNamed = annotations.includes(name);
  return by === 'class' && !isNamed && ingress !== undefined ? undefined : isNamed;
}

/** A stranger is believed where a flag of it names the class or its controller, and not asked otherwise. */
function servesAsStranger(program: Program, { name, controller, by }: WantedClass): Serves {
  if (by === 'none') return false;
  const served = readServedClasses(program, unknownProgram);
  const isController = controller !== undefined && served.controller === controller;
  return isController || (by !== 'default' && served.isNamed && served.names?.includes(name) === true);
}

export function serves({ program, known }: Pick<Candidate, 'program' | 'known'>, wanted: WantedClass): Serves {
  if (known === undefined) return servesAsStranger(program, wanted);
  if (known.settings === undefined) return servesByKind(known, wanted);
  if (known.ingress === undefined) return false;
  const served = readServedClasses(program, known.settings);
  if (!served.isOn) return false;
  return both(servesClass(served, known.settings, wanted), watches(served, wanted.namespace));
}

/** The kind of controller that an Ingress asks for, whether it runs here or not. */
export function kindOfController({ by, name, controller }: WantedClass): KnownController | undefined {
  if (controller !== undefined) return knownControllers.find(({ ingress }) => ingress?.test(controller) === true);
  if (by === 'none') return undefined;
  return knownControllers.find(({ settings, annotations = [] }) =>
    [settings?.name ?? '', ...annotations].includes(name),
  );
}
