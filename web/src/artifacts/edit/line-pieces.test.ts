import { expect, test } from "vitest";
import { linePieces } from "./line-pieces.ts";

const keyword = 2;
const text = 'let a = "b";';
const pairs = [3, keyword, 5, 0, 3, 3, 1, 8];
const words = (line: string) => linePieces(line, { text, pairs }).map(({ start, end }) => line.slice(start, end));

test("C8 a line has its colours, and beside a change keeps those that it had", () => {
  expect(linePieces(text, { text, pairs })).toEqual([
    { start: 0, end: 3, kind: 2 },
    { start: 8, end: 11, kind: 3 },
    { start: 11, end: 12, kind: 8 },
  ]);
  expect(words('let abc = "b";')).toEqual(["let", '"b"', ";"]);
  expect(words('let a = "bcd";')).toEqual(["let", '"b', ";"]);
  expect(words('le a = "b";')).toEqual(["le", '"b"', ";"]);
  expect(words("")).toEqual([]);
  expect(linePieces("new", { text: "", pairs: [] })).toEqual([]);
});
