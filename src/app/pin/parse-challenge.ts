// What a registry asks for before it answers: the header WWW-Authenticate (RFC 9110 11.6.1, and the token specification of the distribution project).

export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer';
      readonly realm: string;
      readonly service: string | undefined;
      readonly scope: string | undefined;
    };

/** Parameters `key="value"` or `key=value`; values may hold commas. */
function parseParameters(text: string): ReadonlyMap<string, string> {
  const pairs = [...text.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)];
  return new Map(
    pairs.map(([, key = '', quoted, plain = '']) => [key.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain]),
  );
}

/** `undefined` for schemes that are not known, and for a Bearer without its realm. */
export function parseChallenge(header: string): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^\s*([\w-]+)\s*(.*)$/s.exec(header) ?? [];
  if (/^basic$/i.test(scheme)) return { scheme: 'basic' };
  if (!/^bearer$/i.test(scheme)) return undefined;
  const parameters = parseParameters(rest);
  const realm = parameters.get('realm');
  if (realm === undefined) return undefined;
  return { scheme: 'bearer', realm, service: parameters.get('service'), scope: parameters.get('scope') };
}
