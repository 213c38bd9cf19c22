// Finds the values that the program gives away under a schema name: every object type, and every object, with `schema: 'nowwhat.dev/THING/v1'`.
import { resolve } from 'node:path';
import ts from 'typescript';

const marker = /^nowwhat\.dev\/([a-z-]+)\/v1$/;

function readProgram() {
  const file = resolve('tsconfig.node.json');
  const { config } = ts.readConfigFile(file, (name) => ts.sys.readFile(name));
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, resolve('.'));
  const own = parsed.fileNames.filter((name) => name.startsWith(resolve('src')) && !name.endsWith('.test.ts'));
  return ts.createProgram(own, { ...parsed.options, noEmit: true });
}

/** `fix` where the type of a property `schema` is the text `nowwhat.dev/fix/v1`. */
function thingOf(type) {
  const text = type.isStringLiteral() ? type.value : undefined;
  return marker.exec(text ?? '')?.[1];
}

function thingOfNode(node, checker) {
  if (ts.isInterfaceDeclaration(node)) {
    const schema = checker.getTypeAtLocation(node).getProperty('schema');
    return schema === undefined ? undefined : thingOf(checker.getTypeOfSymbol(schema));
  }
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const schema = node.properties.find((each) => ts.isPropertyAssignment(each) && each.name.getText() === 'schema');
  return schema !== undefined && ts.isStringLiteral(schema.initializer)
    ? marker.exec(schema.initializer.text)?.[1]
    : undefined;
}

/** Types by thing. Where a type has a name, objects that are made of it say nothing more. */
export function findAnswers() {
  const program = readProgram();
  const checker = program.getTypeChecker();
  const named = new Map();
  const made = new Map();
  const add = (map, thing, type) => map.set(thing, [...(map.get(thing) ?? []), type]);
  const visit = (node) => {
    const thing = thingOfNode(node, checker);
    if (thing !== undefined)
      add(ts.isInterfaceDeclaration(node) ? named : made, thing, checker.getTypeAtLocation(node));
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles())
    if (!file.isDeclarationFile && file.text.includes('nowwhat.dev/')) visit(file);
  const answers = new Map([...made, ...named]);
  return { checker, answers: new Map([...answers].toSorted(([a], [b]) => (a < b ? -1 : 1))) };
}
