// What Kubernetes accepts as a name, label, port name or key; each function gives the reason when a value is refused.

const dns1123Label = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const dns1123Subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const dns1035Label = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;
const qualifiedName = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const labelMaxLength = 63;
const subdomainMaxLength = 253;
const portNameMaxLength = 15;

function lengthProblem(value: string, max: number): string | undefined {
  return value.length > max ? `must be no more than ${max} characters` : undefined;
}

/**
 * Why a value is not a DNS label (RFC 1123), the form of Namespace and container names; `undefined` where it is one.
 * Source for this file: k8s.io/apimachinery, pkg/util/validation and pkg/api/validate/content.
 */
export function dns1123LabelProblem(value: string): string | undefined {
  if (value === '') return 'must not be empty';
  const tooLong = lengthProblem(value, labelMaxLength);
  if (tooLong !== undefined) return tooLong;
  if (dns1123Label.test(value)) return undefined;
  if (dns1123Subdomain.test(value)) return 'must not contain dots';
  return "must consist of lower case letters, digits and '-', and start and end with a letter or digit";
}

/** Why a value is not a DNS subdomain (RFC 1123), the form of most objects' names. */
export function dns1123SubdomainProblem(value: string): string | undefined {
  if (value === '') return 'must not be empty';
  const tooLong = lengthProblem(value, subdomainMaxLength);
  if (tooLong !== undefined) return tooLong;
  if (dns1123Subdomain.test(value)) return undefined;
  return "must consist of lower case letters, digits, '-' and '.', and each part must start and end with a letter or digit";
}

/** Why a value is not a DNS label (RFC 1035), the form of Service names before Kubernetes 1.34. */
export function dns1035LabelProblem(value: string): string | undefined {
  if (value === '') return 'must not be empty';
  const tooLong = lengthProblem(value, labelMaxLength);
  if (tooLong !== undefined) return tooLong;
  if (dns1035Label.test(value)) return undefined;
  return "must consist of lower case letters, digits and '-', start with a letter, and end with a letter or digit";
}

/** Why a host is not `*.` and a DNS subdomain, the wildcard form of Ingress hosts. */
export function wildcardSubdomainProblem(value: string): string | undefined {
  const tooLong = lengthProblem(value, subdomainMaxLength);
  if (tooLong !== undefined) return tooLong;
  if (value.startsWith('*.') && dns1123Subdomain.test(value.slice(2))) return undefined;
  return "must start with '*.' followed by a DNS subdomain";
}

/** Why a value is not a label or annotation key: a name of up to 63 characters with an optional `subdomain/` before it. */
export function labelKeyProblem(key: string): string | undefined {
  const parts = key.split('/');
  if (parts.length > 2) return "must have at most one '/'";
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? parts[0] : undefined;
  const prefixProblem = prefix === undefined ? undefined : dns1123SubdomainProblem(prefix);
  if (prefixProblem !== undefined) return `prefix ${prefixProblem}`;
  if (name === '') return 'name must not be empty';
  const tooLong = lengthProblem(name, labelMaxLength);
  if (tooLong !== undefined) return `name ${tooLong}`;
  if (qualifiedName.test(name)) return undefined;
  return "name must consist of letters, digits, '-', '_' and '.', and start and end with a letter or digit";
}

/** Why a value is not a label's value: empty, or up to 63 characters that start and end with a letter or digit. */
export function labelValueProblem(value: string): string | undefined {
  const tooLong = lengthProblem(value, labelMaxLength);
  if (tooLong !== undefined) return tooLong;
  if (value === '' || qualifiedName.test(value)) return undefined;
  return "must be empty or consist of letters, digits, '-', '_' and '.', and start and end with a letter or digit";
}

/** Why a value is not a port's name (IANA_SVC_NAME, RFC 6335 in lower case). */
export function portNameProblem(value: string): string | undefined {
  if (value === '') return 'must not be empty';
  const tooLong = lengthProblem(value, portNameMaxLength);
  if (tooLong !== undefined) return tooLong;
  if (!/^[-a-z0-9]+$/.test(value)) return "must consist of lower case letters, digits and '-'";
  if (!/[a-z]/.test(value)) return 'must contain at least one letter';
  if (value.includes('--')) return "must not contain '--'";
  if (value.startsWith('-') || value.endsWith('-')) return "must not begin or end with '-'";
  return undefined;
}

/** Why a value is not a key of a ConfigMap's or Secret's data. */
export function configMapKeyProblem(value: string): string | undefined {
  if (value === '') return 'must not be empty';
  const tooLong = lengthProblem(value, subdomainMaxLength);
  if (tooLong !== undefined) return tooLong;
  if (!/^[-._a-zA-Z0-9]+$/.test(value)) return "must consist of letters, digits, '-', '_' and '.'";
  if (value === '.' || value.startsWith('..')) return "must not be '.' and must not start with '..'";
  return undefined;
}
