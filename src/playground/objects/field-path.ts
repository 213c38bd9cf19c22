// Paths as the API server writes them in messages: `spec.containers[0].image`, `metadata.labels[app.kubernetes.io/name]`.

import type { Path } from '../../model/index.ts';

export function fieldPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/[^\w$-]/.test(step)) text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}
