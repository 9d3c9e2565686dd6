import { expect, test } from "vitest";
import { readValues } from "./read-values.ts";

async function* piecesOf(begin: string, unit: string, count: number) {
  yield Buffer.from(begin);
  const piece = Buffer.from(unit.repeat(10_000));
  for (let made = 0; made < count; made += 10_000) yield piece;
}
const countOf = async (pieces: AsyncIterable<Uint8Array>): Promise<number> => {
  let count = 0;
  for await (const _value of readValues(pieces)) count += 1;
  return count;
};

test.each([
  ["in a line", '{"metadata":['],
  ["in an item of a list", "[[],["],
])(
  "S36 a value of a few megabytes %s that would fill the memory with empty lists is refused",
  async (_where, begin) => {
    await expect(countOf(piecesOf(begin, "[],", 4_000_000))).rejects.toMatchObject({ code: "too_large" });
  },
);

test("any number of values is read that are no larger each than one may be", { timeout: 120_000 }, async () => {
  expect(await countOf(piecesOf('{"first":1}\n', '{"a":[1,2,3]}\n', 1_000_000))).toBe(1_000_001);
});
