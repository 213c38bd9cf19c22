// docs/schemas/*: the published shape of every value that has a schema name and no schema written by hand, from the types of the program.
import { readdirSync, readFileSync } from 'node:fs';
import { findAnswers } from '../answers/find-answers.mjs';
import { SchemaWriter } from '../answers/to-json-schema.mjs';

const folder = 'docs/schemas';
const note = 'Made from the types of the program. Fields are added, never removed.';

/** Things whose schema somebody else writes: it says more than types can. */
function findOthers() {
  const files = readdirSync(folder).filter((name) => name.endsWith('-v1.schema.json'));
  const others = files.filter((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')).$comment !== note);
  return new Set(others.map((name) => name.replace('-v1.schema.json', '')));
}

function schemaOf(thing, types, checker) {
  const writer = new SchemaWriter(checker);
  const shapes = types.map((type) => {
    const shape = writer.object(type);
    return { ...shape, properties: { ...shape.properties, schema: { const: `nowwhat.dev/${thing}/v1` } } };
  });
  const unique = [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()];
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `https://nowwhat.dev/schemas/${thing}-v1.schema.json`,
    $comment: note,
    title: `nowwhat.dev/${thing}/v1`,
    ...(unique.length === 1 ? unique[0] : { anyOf: unique }),
    ...(Object.keys(writer.definitions).length === 0 ? {} : { definitions: writer.definitions }),
  };
}

export function generate() {
  const others = findOthers();
  const { checker, answers } = findAnswers();
  const own = [...answers].filter(([thing]) => !others.has(thing));
  return new Map(
    own.map(([thing, types]) => [
      `${folder}/${thing}-v1.schema.json`,
      `${JSON.stringify(schemaOf(thing, types, checker), null, 2)}\n`,
    ]),
  );
}
