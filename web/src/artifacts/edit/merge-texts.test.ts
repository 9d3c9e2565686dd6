import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeTexts } from "./merge-texts.ts";

const base = ["a", "b", "c", "d", "e", "f"].join("\n");
const edit = (from: string, to: string): string => base.replace(from, to);

test("C8 what two people changed in different places is put together", () => {
  expect(mergeTexts(base, edit("a", "A"), edit("e", "E"))).toEqual({ text: "A\nb\nc\nd\nE\nf", hasClash: false });
  expect(mergeTexts(base, edit("b\n", ""), `${base}\ng`)).toEqual({ text: "a\nc\nd\ne\nf\ng", hasClash: false });
});

test("C8 where both changed the same place ours stands, and it is told", () => {
  expect(mergeTexts(base, edit("c", "ours"), edit("c", "theirs"))).toEqual({
    text: "a\nb\nours\nd\ne\nf",
    hasClash: true,
  });
  expect(mergeTexts(base, edit("c", "same"), edit("c", "same"))).toEqual({
    text: "a\nb\nsame\nd\ne\nf",
    hasClash: false,
  });
});

const text = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 20 }).map((lines) => lines.join("\n"));

test("C8 whoever changed nothing gets what the other has, and ours is never lost", () => {
  fc.assert(
    fc.property(text, text, (from, changed) => {
      expect(mergeTexts(from, changed, from).text).toBe(changed);
      expect(mergeTexts(from, from, changed)).toEqual({ text: changed, hasClash: false });
      expect(mergeTexts(from, changed, changed).text).toBe(changed);
    }),
  );
});
