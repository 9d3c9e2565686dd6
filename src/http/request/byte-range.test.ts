import { expect, test } from "vitest";
import { readByteRange } from "./byte-range.ts";

test.each([
  ["bytes=0-3", { first: 0, last: 3 }],
  ["bytes=8-", { first: 8, last: 9 }],
  ["bytes=-2", { first: 8, last: 9 }],
  ["bytes=-99", { first: 0, last: 9 }],
  ["bytes=5-99", { first: 5, last: 9 }],
  ["bytes= 0 - 3 ", { first: 0, last: 3 }],
  ["bytes=10-", "unsatisfiable"],
  ["bytes=10-12", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  ["bytes=3-2", null],
  ["bytes=-", null],
  ["bytes=0-1,4-5", null],
  ["items=0-1", null],
  ["bytes=a-b", null],
  ["bytes=9999999999999999-", null],
  ["", null],
  [null, null],
])("of ten bytes %s asks for %o", (header, expected) => {
  expect(readByteRange(header, 10)).toEqual(expected);
});

test("nothing of an empty file can be asked for", () => {
  expect(readByteRange("bytes=0-0", 0)).toBe("unsatisfiable");
  expect(readByteRange("bytes=-1", 0)).toBe("unsatisfiable");
});
