import { expect, test } from "vitest";
import type { Chunk } from "../../src/protocol/message/chunk.ts";
import { findMisread } from "./seen-check.ts";

const delta = (text: string): Chunk => ({ type: "text-delta", id: "1", delta: text });
const said: readonly Chunk[] = [{ type: "start" }, delta("a"), delta("b"), delta("c"), { type: "finish" }];
const all = said.map((chunk, index) => ({ position: index + 1, chunk }));

test("what was seen as it was said is no misreading, nor are neighbouring deltas told as one", () => {
  expect(findMisread(all, said)).toEqual({ gaps: 0, duplicates: 0 });
  const merged = [all[0]!, { position: 4, chunk: delta("abc") }, all[4]!];
  expect(findMisread(merged, said)).toEqual({ gaps: 0, duplicates: 0 });
  expect(findMisread(all.slice(1), said, 1)).toEqual({ gaps: 0, duplicates: 0 });
});

test("a chunk that is missing, told twice, changed or never came is found", () => {
  expect(findMisread(all.toSpliced(2, 1), said)).toEqual({ gaps: 1, duplicates: 0 });
  expect(findMisread(all.toSpliced(2, 0, all[1]!), said)).toEqual({ gaps: 0, duplicates: 1 });
  expect(findMisread(all.with(1, { position: 2, chunk: delta("x") }), said)).toEqual({ gaps: 1, duplicates: 0 });
  expect(findMisread(all.slice(0, 4), said)).toEqual({ gaps: 1, duplicates: 0 });
});
