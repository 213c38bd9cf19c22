// The forms of text that Kubernetes decodes into values: quantities, times and base64.

// k8s.io/apimachinery pkg/api/resource: a signed decimal and a binary, decimal or exponent suffix; spaces around it are dropped.
const quantity = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+|[KMGTPE]i|[numkMGTPE])?\s*$/;
const dateTime =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const base64 = /^[A-Za-z0-9+/\r\n]*=?[\r\n]*=?[\r\n]*$/;

export function isQuantity(text: string): boolean {
  return quantity.test(text);
}

/** RFC 3339, as Go's `time.RFC3339` reads it. */
export function isDateTime(text: string): boolean {
  return dateTime.test(text);
}

/** Standard base64 with padding; line ends are skipped, as Go's decoder does. */
export function isBase64(text: string): boolean {
  if (!base64.test(text)) return false;
  const length = /[\r\n]/.test(text) ? text.replace(/[\r\n]/g, '').length : text.length;
  return length % 4 === 0;
}
