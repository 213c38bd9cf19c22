// Where keys and list items begin, noted while a document is read a second time because somebody asks.

import type { Json, JsonObject } from '../../../model/json-value.ts';

/** Offsets count from the start of the document's text. */
export class PlaceLog {
  private readonly keys = new Map<Json | undefined, Map<string, number>>();
  private readonly items = new Map<Json | undefined, number[]>();
  root: Json = null;
  rootOffset = 0;

  keysOf(mapping: JsonObject): Map<string, number> {
    const places = new Map<string, number>();
    this.keys.set(mapping, places);
    return places;
  }

  itemsOf(sequence: readonly Json[]): number[] {
    const places: number[] = [];
    this.items.set(sequence, places);
    return places;
  }

  setRoot(value: Json, offset: number): void {
    this.root = value;
    this.rootOffset = offset;
  }

  /** Offset of a key or of a list item in a collection; `undefined` where it has none of the kind. */
  placeIn(value: Json | undefined, step: string | number): number | undefined {
    return typeof step === 'number' ? this.items.get(value)?.[step] : this.keys.get(value)?.get(step);
  }
}
