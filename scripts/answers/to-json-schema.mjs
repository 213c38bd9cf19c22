// The JSON schema of a type of the program, as JSON.stringify writes its values: what is undefined is left out, and fields may be added.
import ts from 'typescript';

/** Raw objects of Kubernetes, and other JSON: every field of them is kept, none is promised. */
const anything = new Map([
  ['Json', {}],
  ['JsonObject', { type: 'object' }],
]);

const simple = [
  [ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral, { type: 'string' }],
  [ts.TypeFlags.Number, { type: 'number' }],
  [ts.TypeFlags.Boolean, { type: 'boolean' }],
  [ts.TypeFlags.Null, { type: 'null' }],
  [ts.TypeFlags.Any | ts.TypeFlags.Unknown, {}],
];

/** Values that can be listed: `{ enum }`, with the types that are no such values. */
function splitLiterals(types, checker) {
  const values = [];
  const others = [];
  for (const type of types) {
    if (type.isStringLiteral() || type.isNumberLiteral()) values.push(type.value);
    else if (type.flags & ts.TypeFlags.BooleanLiteral) values.push(checker.typeToString(type) === 'true');
    else others.push(type);
  }
  return { values, others };
}

function isBoth(values) {
  return values.length === 2 && values.every((value) => typeof value === 'boolean');
}

/** Sorted: the order of a union is the compiler's affair. */
function oneOf(values) {
  return values.length === 1 ? { const: values[0] } : { enum: values.toSorted() };
}

export class SchemaWriter {
  /** Shapes that have a name of their own. */
  definitions = {};
  #checker;
  #names = new Map();

  constructor(checker) {
    this.#checker = checker;
  }

  /** The schema of any value of the type. */
  of(type) {
    const known = anything.get(type.aliasSymbol?.name ?? type.symbol?.name);
    if (known !== undefined) return known;
    return this.#union(type.isUnion() ? type.types : [type]);
  }

  /** Of a type that is no union and no literal. */
  #single(type) {
    const known = anything.get(type.aliasSymbol?.name ?? type.symbol?.name);
    const found = simple.find(([flags]) => (type.flags & flags) !== 0);
    return known ?? found?.[1] ?? this.#compound(type);
  }

  /** Of a value that has parts. */
  #compound(type) {
    if (this.#checker.isTupleType(type)) return this.#tuple(type);
    if (this.#checker.isArrayType(type))
      return { type: 'array', items: this.of(this.#checker.getTypeArguments(type)[0]) };
    return this.#named(type);
  }

  /** An object with its fields, whatever its name. */
  object(type) {
    const properties = {};
    const required = [];
    for (const symbol of this.#fieldsOf(type)) {
      const fieldType = this.#checker.getTypeOfSymbol(symbol);
      if (fieldType.getCallSignatures().length > 0) continue;
      const defined = this.#withoutUndefined(fieldType);
      if (defined.length === 0) continue;
      const text = ts.displayPartsToString(symbol.getDocumentationComment(this.#checker));
      properties[symbol.name] = { ...this.#union(defined), ...(text === '' ? {} : { description: text }) };
      const isOptional =
        (symbol.flags & ts.SymbolFlags.Optional) !== 0 || defined.length < this.#parts(fieldType).length;
      if (!isOptional) required.push(symbol.name);
    }
    const index = this.#checker.getIndexInfoOfType(type, ts.IndexKind.String);
    return {
      type: 'object',
      ...(required.length === 0 ? {} : { required }),
      ...(Object.keys(properties).length === 0 ? {} : { properties }),
      ...(index === undefined ? {} : { additionalProperties: this.#union(this.#withoutUndefined(index.type)) }),
    };
  }

  /** Symbols are in no JSON, and the compiler numbers them anew whenever the program changes. */
  #fieldsOf(type) {
    return this.#checker.getPropertiesOfType(type).filter(({ name }) => !name.startsWith('__@'));
  }

  #parts(type) {
    return type.isUnion() ? type.types : [type];
  }

  #withoutUndefined(type) {
    return this.#parts(type).filter(({ flags }) => (flags & ts.TypeFlags.Undefined) === 0);
  }

  #union(types) {
    const { values, others } = splitLiterals(types, this.#checker);
    const listed = values.length === 0 ? [] : isBoth(values) ? [{ type: 'boolean' }] : [oneOf(values)];
    const shapes = others.map((type) => this.#single(type));
    const all = [...listed, ...shapes.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))];
    return all.length === 1 ? all[0] : { anyOf: all };
  }

  #tuple(type) {
    const items = this.#checker.getTypeArguments(type).map((each) => this.of(each));
    const { minLength, hasRestElement } = type.target;
    return { type: 'array', items: hasRestElement ? { anyOf: items } : items, minItems: minLength };
  }

  /** Interfaces are told once, under their name, so that they may hold themselves. */
  #named(type) {
    const symbol = type.aliasSymbol ?? type.symbol;
    const isNamed = symbol !== undefined && !symbol.name.startsWith('__') && type.isClassOrInterface();
    if (!isNamed) return this.object(type);
    const known = this.#names.get(type);
    if (known !== undefined) return { $ref: `#/definitions/${known}` };
    const name = symbol.name in this.definitions ? `${symbol.name}${this.#names.size}` : symbol.name;
    this.#names.set(type, name);
    this.definitions[name] = {};
    this.definitions[name] = this.object(type);
    return { $ref: `#/definitions/${name}` };
  }
}
