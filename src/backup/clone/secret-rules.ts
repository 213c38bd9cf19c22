// Rules for the Secrets of a copy: as they are, with fresh values, masked, or left out.

import * as z from 'zod';
import { parseYaml } from '../../kube/yaml/index.ts';
import { asObject, type JsonObject, UserError } from '../../model/index.ts';
import { compileGlobsAt } from '../collect/match-glob.ts';

const secretTreatments = ['keep', 'fresh', 'mask', 'leave-out'] as const;
export type SecretTreatment = (typeof secretTreatments)[number];

export interface SecretRules {
  /** Of a whole Secret, where no rule is about single keys. */
  readonly ofSecret: (secret: string) => SecretTreatment;
  readonly ofKey: (secret: string, key: string) => { readonly treatment: SecretTreatment; readonly isSaid: boolean };
}

const names = z.union([z.string(), z.array(z.string()).min(1)]).transform((all) => (Array.isArray(all) ? all : [all]));
const file = z.strictObject({
  rules: z.array(z.strictObject({ secret: names, keys: names.optional(), treatment: z.enum(secretTreatments) })).min(1),
});

interface Rule {
  readonly takesSecret: (name: string) => boolean;
  readonly takesKey: ((key: string) => boolean) | undefined;
  readonly treatment: SecretTreatment;
}

function parseRules(document: JsonObject, where: string): Rule[] {
  const parsed = file.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.join('.') ?? '';
    throw new UserError(
      'invalid-option',
      `${where}: ${place === '' ? '' : `${place}: `}${issue?.message ?? 'no rules'}`,
      `Write "rules:" with items of "secret", "keys" (optional) and "treatment" (${secretTreatments.join(', ')}).`,
    );
  }
  return parsed.data.rules.map(({ secret, keys, treatment }) => {
    if (keys !== undefined && treatment === 'leave-out')
      throw new UserError(
        'invalid-option',
        `${where}: single keys cannot be left out`,
        'Mask them, or leave the Secret out.',
      );
    return {
      takesSecret: compileGlobsAt(where, secret),
      takesKey: keys === undefined ? undefined : compileGlobsAt(where, keys),
      treatment,
    };
  });
}

/** The first rule that fits wins; `usual` holds for all else. Throws `UserError` (`invalid-option`). */
export function compileSecretRules(
  usual: SecretTreatment,
  document: JsonObject | undefined,
  where: string,
): SecretRules {
  const rules = document === undefined ? [] : parseRules(document, where);
  return {
    ofSecret: (secret) =>
      rules.find(({ takesSecret, takesKey }) => takesKey === undefined && takesSecret(secret))?.treatment ?? usual,
    ofKey: (secret, key) => {
      const rule = rules.find(({ takesSecret, takesKey }) => takesSecret(secret) && takesKey?.(key) !== false);
      return { treatment: rule?.treatment ?? usual, isSaid: rule !== undefined };
    },
  };
}

/** The rules of a file. Throws `UserError` (`invalid-yaml`, `invalid-option`). */
export function parseSecretRules(usual: SecretTreatment, text: string, where: string): SecretRules {
  const result = parseYaml(text);
  if (!result.ok) throw new UserError('invalid-yaml', `${where}: ${result.failure.reason}`, 'Mend the file.');
  return compileSecretRules(usual, asObject(result.parsed.values[0]), where);
}
