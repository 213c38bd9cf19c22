// What a value of a Secret is, as far as its name and its form tell, and other values of the same form: pure, randomness comes as an argument.

export type ValueKind =
  /** Somebody chose it, and both ends take another one. */
  | 'password'
  /** Somebody else gave it out: another one is worth nothing. */
  | 'issued'
  /** An address with a password in it. */
  | 'address'
  /** Certificates and keys that belong together. */
  | 'certificate'
  /** Says where or who: a host, a port, a user's name. */
  | 'plain'
  | 'other';

const passwordName =
  /(?:pass(?:word|wd|phrase|code)?|pwd|secret|salt|pepper|cookie|signing|encryption|hmac|session|private|master|root|admin)[-_.]?(?:key|hash|base)?s?$|(?:^|[-_.])(?:pass|pw|key|auth)$|secret[-_.]key/i;
const issuedName =
  /token|api[-_.]?key|access[-_.]?key|client[-_.]?secret|secret[-_.]?access|credential|licen[cs]e|webhook|dsn$/i;
const plainName =
  /(?:^|[-_.])(?:user|username|login|host|hostname|port|database|db|dbname|name|scheme|region|bucket|endpoint|email|url|uri)$/i;
/** Forms of well-known issuers: JSON web tokens, AWS, GitHub, GitLab, Slack, Stripe, Google, SendGrid, OpenAI. Sources: their own docs on keys. */
const issuedForm =
  /^(?:eyJ[\w-]+\.[\w-]+\.[\w-]*|A[KS]IA[A-Z0-9]{16}|gh[opsu]_\w{20,}|github_pat_\w+|glpat-[\w-]+|xox[abprs]-[\w-]+|[sr]k_(?:live|test)_\w+|AIza[\w-]{30,}|SG\.[\w-]+\.[\w-]+|sk-[\w-]{20,})\s*$/;
const address = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@]*:[^\s/?#@]*@/i;

export function kindOfValue(type: string, key: string, text: string): ValueKind {
  if (/-----BEGIN [A-Z0-9 ]+-----/.test(text)) return 'certificate';
  if (issuedForm.test(text) || type === 'kubernetes.io/ssh-auth') return 'issued';
  if (address.test(text)) return 'address';
  if (issuedName.test(key)) return 'issued';
  if (passwordName.test(key)) return 'password';
  return plainName.test(key) ? 'plain' : 'other';
}

const classes = {
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digit: '0123456789',
  hex: '0123456789abcdef',
  HEX: '0123456789ABCDEF',
} as const;

type Random = (bytes: number) => Uint8Array;

/** One of the letters, each as likely as any other. */
function pick(letters: string, random: Random): string {
  const most = Math.floor(256 / letters.length) * letters.length;
  for (;;) {
    const [byte = 0] = random(1);
    if (byte < most) return letters.charAt(byte % letters.length);
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function lettersFor(text: string): (letter: string) => string | undefined {
  const bare = text.replaceAll('-', '');
  if (uuid.test(text) || bare.length >= 8) {
    if (/^[0-9a-f]+$/.test(bare) && /[a-f]/.test(bare) && /[0-9]/.test(bare))
      return (each) => (each === '-' ? undefined : classes.hex);
    if (/^[0-9A-F]+$/.test(bare) && /[A-F]/.test(bare) && /[0-9]/.test(bare))
      return (each) => (each === '-' ? undefined : classes.HEX);
  }
  return (each) => {
    if (/[a-z]/.test(each)) return classes.lower;
    if (/[A-Z]/.test(each)) return classes.upper;
    return /[0-9]/.test(each) ? classes.digit : undefined;
  };
}

/** As long as the old one and of the same letters: a hexadecimal key stays one. */
export function freshValue(text: string, random: Random): string {
  const lettersOf = lettersFor(text);
  const made = Array.from(text, (each) => {
    const letters = lettersOf(each);
    return letters === undefined ? each : pick(letters, random);
  });
  // The version and variant of a UUID say that it is a random one. Source: RFC 9562, section 5.4.
  if (uuid.test(text)) [made[14], made[19]] = ['4', pick('89ab', random)];
  return made.join('');
}

/** Letters and digits go, what holds the form together stays: JSON stays JSON. */
export function maskedValue(text: string): string {
  return text.replaceAll(/[\p{L}]/gu, 'x').replaceAll(/\p{N}/gu, '0');
}

const userinfo = /^([a-z][a-z0-9+.-]*:\/\/[^\s/?#@:]*:)([^\s/?#@]*)(@)/i;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The password in an address, decoded. */
export function passwordOf(text: string): string | undefined {
  const found = userinfo.exec(text)?.[2];
  return found === undefined ? undefined : decoded(found);
}

export function withPassword(text: string, password: string): string {
  return text.replace(
    userinfo,
    (_whole, before: string, _old: string, after: string) => `${before}${encodeURIComponent(password)}${after}`,
  );
}
