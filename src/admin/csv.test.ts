import { expect, test } from "vitest";
import { toCsv } from "./csv.ts";

test("S23 quotes, line breaks and formulas in a name stay text of one cell", () => {
  const name = '=HYPERLINK("http://evil.example","a, b")\nnext';
  expect(
    toCsv(
      ["user", "calls"],
      [
        [name, -1],
        ["@x", 2],
        [null, 3],
      ],
    ),
  ).toBe(`user,calls\r\n"'=HYPERLINK(""http://evil.example"",""a, b"")\nnext",-1\r\n'@x,2\r\n,3\r\n`);
});
