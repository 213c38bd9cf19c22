// Recognises secrets in plain text by what they look like and by what they are called. Says which kind, never the value.

export interface SecretText {
  /** What it looks like, for the message: `a private key`, `a password`. */
  readonly kind: string;
  /** In a settings file, the name of its line. */
  readonly line?: string;
}

/** Forms that give themselves away. Sources: the issuers' documentation of their token formats. */
const forms: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/, 'a private key'],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, 'an AWS access key'],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})/, 'a GitHub token'],
  [/\bglpat-[A-Za-z0-9_-]{20,}/, 'a GitLab token'],
  [/\bxox[abeprs]-[A-Za-z0-9-]{10,}/, 'a Slack token'],
  [/\b[rs]k_live_[A-Za-z0-9]{16,}/, 'a Stripe key'],
  [/\bAIza[A-Za-z0-9_-]{35}/, 'a Google API key'],
  [/\bnpm_[A-Za-z0-9]{36}\b/, 'an npm token'],
  [/\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/, 'a SendGrid key'],
  [/\bAccountKey=[A-Za-z0-9+/]{40,}={0,2}/, 'an Azure storage key'],
  [/\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/, 'a signed token (JWT)'],
  [/\bAGE-SECRET-KEY-1[0-9A-Z]{50,}/, 'an age key'],
  [/^(?:Basic|Bearer) +[A-Za-z0-9+/_.=-]{12,}$/, 'an authorization header'],
];

/** What every form above holds: one look at a text rules nearly all of them out. */
const anyForm =
  /-----BEGIN|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox|k_live_|AIza|npm_|SG\.|AccountKey=|eyJ|AGE-SECRET|^Basic|^Bearer/;

const credentialsInUrl = /\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@"']*:([^/\s@"']+)@/i;
const passwordInText = /(?:^|[;&?\s])(?:password|passwd|pwd)=([^;&\s"']+)/i;
const tokenInQuery = /:\/\/[^\s"']*[?&](?:access_token|auth_token|token|api_?key|client_secret)=([^;&#\s"']+)/i;

const secretName =
  /(?:^|_)(?:password|passwd|passphrase|pwd|pass|secret|token|apikey|api_key|private_key|access_key|secret_key|signing_key|encryption_key|auth_key|credentials?)(?:_|$)/;
/** Ends that say "about a secret", not "a secret". */
const aboutSecret =
  /_(?:file|path|dir|name|names|url|uri|host|port|endpoint|ttl|length|len|size|min|max|days|hours|minutes|seconds|expiry|expiration|expires|expires_in|lifetime|timeout|enabled|disabled|required|header|prefix|type|kind|algorithm|alg|format|policy|mode|version|id|ref|issuer|audience|role|field|attribute|count|rotation|mount|namespace|class|provider|store|arn|prompt|validation|strength|label|hint|reset)$/;
const weakName = /(?:^|_)(?:key|auth|signature|sid|salt|dsn)(?:_|$)/;
const notSecret = /(?:^|_)(?:public|allow_empty|random|no|disable|skip|use|with|enable)(?:_|$)/;

const placeholder = /^(?:\$\(.*\)|\$\{.*\}|\$[A-Z_]+|\{\{.*\}\}|<.*>|%.*%|__.*__|\*+|x{3,}|\.{3}|-+)$/i;
const pointer = /^(?:vault|ref\+|sm|ssm|secretsmanager|op|gcp|azurekeyvault|bao|file|env|enc|sops)[:+]/i;
const plainWord =
  /^(?:true|false|yes|no|on|off|none|null|nil|undefined|default|disabled|enabled|optional|required|prompt|auto|basic|bearer|jwt|oauth2?|oidc|internal|external|memory)$/i;
const pathOrUrl = /^(?:\.{0,2}\/|~\/|[a-z][a-z0-9+.-]*:\/\/|[A-Za-z]:\\)/;
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const hostOrImage = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?(?:\/\S*)?$/;

/** `dbPassword`, `DB-PASSWORD` and `db.password` as `db_password`. */
function normalise(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}

/** Bits for each character; random base64 has about 5, words about 3. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

function looksRandom(value: string): boolean {
  if (value.length < 20 || !/^[A-Za-z0-9+/_=.-]+$/.test(value)) return false;
  return (
    /[0-9]/.test(value) &&
    /[A-Za-z]/.test(value) &&
    !uuid.test(value) &&
    !hostOrImage.test(value) &&
    entropy(value) > 3.5
  );
}

function isHarmless(value: string): boolean {
  return (
    value === '' || placeholder.test(value) || pointer.test(value) || plainWord.test(value) || pathOrUrl.test(value)
  );
}

/** Passwords in connection strings. What every match holds is looked for first: the patterns walk the whole text. */
function passwordsIn(value: string): string[] {
  const inUrl = value.includes('://') && value.includes('@') ? credentialsInUrl.exec(value) : null;
  const inText = value.includes('=') ? passwordInText.exec(value) : null;
  const inQuery = inText === null && value.includes('://') && value.includes('?') ? tokenInQuery.exec(value) : null;
  return [inUrl?.[1], inText?.[1], inQuery?.[1]].filter((password) => password !== undefined);
}

function findForm(value: string): string | undefined {
  const form = anyForm.test(value) ? forms.find(([pattern]) => pattern.test(value)) : undefined;
  if (form !== undefined) return form[1];
  const isTold = passwordsIn(value).some((password) => !isHarmless(password) && !password.startsWith('$'));
  return isTold ? 'a connection string with its password' : undefined;
}

/** True for a name that is given to secrets: `DB_PASSWORD`, and not `password-file` or `public-key`. */
export function namesSecret(name: string): boolean {
  const normal = normalise(name);
  return secretName.test(normal) && !aboutSecret.test(normal) && !notSecret.test(normal);
}

function findByName(name: string, value: string): string | undefined {
  const normal = normalise(name);
  if (aboutSecret.test(normal) || notSecret.test(normal) || isHarmless(value) || value.includes('\n')) return undefined;
  if (secretName.test(normal)) return /token/.test(normal) ? 'a token' : /key/.test(normal) ? 'a key' : 'a password';
  return weakName.test(normal) && looksRandom(value) ? 'a key' : undefined;
}

/** The kind of secret that a named value is, or nothing. */
export function findSecretText(name: string, value: string): SecretText | undefined {
  const text = value.trim();
  const kind = findForm(text) ?? findByName(name, text);
  return kind === undefined ? undefined : { kind };
}

const configLine =
  /^\s*(?:export\s+|[-*]\s+)?["']?([A-Za-z][\w.-]*)["']?\s*[:=]\s*["']?([^"'\s#][^"'#]*?)["']?\s*,?\s*;?\s*$/;
const configFile = /(?:^|\.)(?:env|properties|ya?ml|json|toml|ini|conf|cfg|config|cnf)$|^[^.]+$/i;
/** What is longer is a program or a data file, not settings. */
const maxLines = 2000;

function findInLine(line: string): SecretText | undefined {
  const [, key, value = ''] = configLine.exec(line) ?? [];
  // Calls and references are code, not values.
  if (key === undefined || /[(){}<>]/.test(value)) return undefined;
  const found = findSecretText(key, value);
  return found === undefined ? undefined : { ...found, line: key };
}

/** The first secret in a settings file kept as text, with the line's own name. */
export function findSecretInFile(name: string, content: string): SecretText | undefined {
  const form = findForm(content);
  const whole = form === undefined ? undefined : { kind: form, line: name };
  if (!configFile.test(name)) return whole;
  for (const line of content.split('\n').slice(0, maxLines)) {
    const found = findInLine(line);
    if (found !== undefined) return found;
  }
  return whole;
}
