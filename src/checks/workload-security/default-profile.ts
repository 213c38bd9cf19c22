// The runtime's own profile in the place of none, by field or by the annotation of old versions.

import type { Diagnostic } from '../../model/index.ts';
import type { FixChoices } from '../check.ts';
import { offerValue } from '../fix.ts';

/** `consequence`: what is refused under the default profile. */
export function offerDefaultProfile(
  consequence: string,
): (subject: unknown, diagnostic: Diagnostic) => FixChoices | undefined {
  return (subject, diagnostic) => {
    const value = diagnostic.path?.at(-1) === 'type' ? 'RuntimeDefault' : 'runtime/default';
    return offerValue(value, { id: 'runtime-default', title: "Use the runtime's default profile", consequence })(
      subject,
      diagnostic,
    );
  };
}
