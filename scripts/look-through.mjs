// A file loads of a room what it names, not the whole room: imports from an `index.ts` go to the files that it re-exports from. A bundler would keep such
// a list together with all that stands in it.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';

const statement = /^(import|export) \{([^}]*)\} from '(\.[^']*\/index\.ts)';/gm;
const reExport = /^export \{([^}]*)\} from '([^']+)';/gm;

/** `a, b as c` in pairs; types are gone at run time. */
function pairsOf(names) {
  const each = names.split(',').map((name) => name.trim());
  return each.filter((name) => name !== '' && !name.startsWith('type ')).map((name) => name.split(' as '));
}

const known = new Map();

/** Where the names of an index come from; what it declares itself is not among them. */
function originsOf(index) {
  if (known.has(index)) return known.get(index);
  const origins = new Map();
  known.set(index, origins);
  for (const [, names, specifier] of readFileSync(index, 'utf8').matchAll(reExport)) {
    const file = resolve(dirname(index), specifier);
    for (const [name, as = name] of pairsOf(names)) origins.set(as, originOf(file, name));
  }
  return origins;
}

function originOf(file, name) {
  const origin = file.endsWith('/index.ts') ? originsOf(file).get(name) : undefined;
  return origin ?? { file, name };
}

/** The same text, line for line, with imports from where things are. */
function lookThrough(text, file) {
  const here = dirname(file);
  return text.replaceAll(statement, (whole, verb, names, specifier) => {
    const direct = pairsOf(names).map(([name, as = name]) => {
      const origin = originOf(resolve(here, specifier), name);
      return `${verb} { ${origin.name} as ${as} } from './${relative(here, origin.file)}';`;
    });
    return direct.join(' ') + '\n'.repeat(whole.split('\n').length - 1);
  });
}

/** For esbuild. */
export const lookThroughIndexes = {
  name: 'look-through-indexes',
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
      if (path.includes('node_modules')) return undefined;
      return { contents: lookThrough(readFileSync(path, 'utf8'), path), loader: 'ts' };
    });
  },
};
