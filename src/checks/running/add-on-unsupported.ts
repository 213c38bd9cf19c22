// Finds programs that serve the whole cluster and get no more security updates from their makers.

import { type Program, viewOf } from '../../inventory/index.ts';
import { groupBy } from '../../model/index.ts';
import { appCheck, type AppDiagnostic } from '../check.ts';
import { nameSome } from '../cluster-check.ts';
import { type AddOnSupport, addOnSupport, supportEnd } from './add-on-support.ts';

interface Old extends Program {
  readonly until: string;
}

function findOld(programs: readonly Program[], addOn: AddOnSupport, today: string): Old[] {
  return programs.flatMap((program) => {
    const until = addOn.image.test(program.repository) ? supportEnd(addOn, program.tag ?? '') : undefined;
    return until === undefined || until >= today ? [] : { ...program, until };
  });
}

function tell({ name }: AddOnSupport, old: readonly Old[]): AppDiagnostic[] {
  return [...groupBy(old, ({ tag }) => tag ?? '').entries()].flatMap(([tag, same]) => {
    const where = new Set(same.map(({ object }) => `${object.kind} ${object.namespace}/${object.name}`));
    return {
      message: `${name} ${tag.replace(/^v/, '')} gets no more security updates, since ${same[0]?.until ?? ''} at the latest`,
      evidence: `${same[0]?.repository ?? ''}:${tag} in ${nameSome([...where])}`,
    };
  });
}

export const addOnUnsupported = appCheck(
  {
    id: 'add-on-unsupported',
    family: 'running',
    title: 'Add-ons of the cluster get security updates',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [],
    remediation: 'Upgrade the add-on to a version that its project supports, one minor version after the other.',
    minutes: 120,
  },
  {
    applies: ({ inventory }) => {
      const view = viewOf(inventory);
      return (
        view.live && view.programs.some(({ repository }) => addOnSupport.some(({ image }) => image.test(repository)))
      );
    },
    find: ({ inventory, options }) => {
      const { programs } = viewOf(inventory);
      return addOnSupport.flatMap((addOn) => tell(addOn, findOld(programs, addOn, options.today)));
    },
  },
);
