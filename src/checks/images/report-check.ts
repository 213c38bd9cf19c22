// The shape of checks that reports of other tools settle: a finding for each container that fails, a question for each image.

import type { CheckMeta } from '../../model/index.ts';
import { type AppCheck, appCheck, type AppDiagnostic, type CheckContext } from '../check.ts';
import { indexEvidence } from './evidence-index.ts';
import { type ContainerImage, imagesOf } from './image-check.ts';
import type { Diagnostic } from '../../model/index.ts';

export interface ReportFacts {
  readonly find: (image: ContainerImage, context: CheckContext) => Diagnostic | undefined;
  /** The question about all images at once: `no report says whether the 12 images of the app were scanned`. */
  readonly ask: (images: string) => string;
}

interface Judged {
  readonly image: ContainerImage;
  readonly diagnostic: Diagnostic;
}

function toAppDiagnostic({ image: { workload, container }, diagnostic }: Judged): AppDiagnostic {
  return { ...diagnostic, object: workload.object, container: container.name };
}

/** Without a single report the answer is one question, not one for each image: the user has not begun. */
function tellOpen(open: readonly Judged[], { ask }: ReportFacts, { inventory }: CheckContext): AppDiagnostic[] {
  const [first] = open;
  if (first === undefined || open.length === 1 || inventory.derive(indexEvidence).all.length > 0)
    return open.map(toAppDiagnostic);
  const { evidence = '' } = first.diagnostic;
  return [
    {
      verdict: 'unknown',
      message: ask(`the ${open.length} images of the app`),
      evidence: `${evidence}; the same for each other image`,
    },
  ];
}

/** The same image is asked about once, however many containers run it. */
function onePerImage(judged: readonly Judged[]): Judged[] {
  const byText = new Map<string, Judged>();
  for (const each of judged) if (!byText.has(each.image.text)) byText.set(each.image.text, each);
  return [...byText.values()];
}

export function reportCheck(meta: CheckMeta, facts: ReportFacts): AppCheck {
  return appCheck(meta, {
    applies: ({ inventory }) => inventory.derive(readImages).length > 0,
    find: (context) => {
      const judged = context.inventory.derive(readImages).flatMap((image): Judged[] => {
        const diagnostic = facts.find(image, context);
        return diagnostic === undefined ? [] : [{ image, diagnostic }];
      });
      const isOpen = ({ diagnostic }: Judged): boolean => diagnostic.verdict === 'unknown';
      const failing = judged.filter((each) => !isOpen(each)).map(toAppDiagnostic);
      return [...failing, ...tellOpen(onePerImage(judged.filter(isOpen)), facts, context)];
    },
  });
}

function readImages({ workloads }: CheckContext['inventory']): ContainerImage[] {
  return imagesOf(workloads);
}
