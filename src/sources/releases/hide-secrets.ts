// Takes the values of Secrets out of what a program printed: whatever reads it on cannot show them.

/** What stands in their place. */
export const standIn = 'hidden-by-nowwhat';

export function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** As the text may stand in YAML or JSON. */
function formsOf(secret: string): [string, string][] {
  const lines = secret.split('\n').map((line) => line.trim());
  const escaped = JSON.stringify(secret).slice(1, -1);
  const plain = [secret, escaped, ...lines].filter((form) => form.length >= 4);
  return [...plain.map((form): [string, string] => [form, standIn]), [toBase64(secret), toBase64(standIn)]];
}

/** The text with a stand-in for each secret, plain or in base64; the longest first, as one may be part of another. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  const forms = new Map(secrets.flatMap(formsOf));
  const ordered = [...forms].toSorted(([a], [b]) => b.length - a.length);
  return ordered.reduce((hidden, [form, instead]) => hidden.replaceAll(form, () => instead), text);
}
