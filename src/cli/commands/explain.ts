// `explain`: a check's page in the terminal.

import { readFile } from 'node:fs/promises';
import { requireKnown } from '../../app/journey/choose-checks.ts';
import { parseCheckPage } from '../../checks/check-pages.ts';
import { builtInChecks } from '../../checks/index.ts';
import type { CheckMeta } from '../../model/index.ts';
import { parseWidth } from '../flags.ts';
import type { Io } from '../io.ts';
import { renderExplanation } from '../reporters/explanation.ts';

export interface ExplainFlags {
  readonly width?: string;
}

/** The checks of profiles have no page of their own. */
async function findInProfiles(id: string): Promise<CheckMeta | undefined> {
  if (!id.startsWith('pod-security-')) return undefined;
  const { checksOfProfile } = await import('../../checks/pod-security/index.ts');
  return checksOfProfile('pod-security/restricted').find(({ meta }) => meta.id === id)?.meta;
}

export async function runExplain(id: string, { width }: ExplainFlags, io: Io): Promise<number> {
  const look = { style: io.style, width: Math.min(parseWidth(width, io.width), 100) };
  const ofProfile = await findInProfiles(id);
  if (ofProfile !== undefined) {
    io.out(renderExplanation(ofProfile, undefined, look));
    return 0;
  }
  const metas = builtInChecks.map(({ meta }) => meta);
  requireKnown(
    [id],
    metas.map((meta) => meta.id),
  );
  for (const meta of metas.filter((each) => each.id === id)) {
    const page = parseCheckPage(await readFile(new URL(`${id}.md`, io.pages), 'utf8'));
    io.out(renderExplanation(meta, page, look));
  }
  return 0;
}
