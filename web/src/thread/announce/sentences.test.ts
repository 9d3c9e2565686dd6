import { expect, it } from "vitest";
import { countSentences, wholeSentences } from "./sentences.ts";

it("says an answer sentence by sentence, never half of one (N10)", () => {
  expect(wholeSentences("It is **31 ms**. That is not", false)).toEqual(["It is 31 ms."]);
  expect(wholeSentences("It is 31 ms. That is not much.", true)).toEqual(["It is 31 ms.", "That is not much."]);
});

it("leaves out what nobody wants to hear (N10)", () => {
  const markdown = "See [the page](https://example.com/?q=1).\n\n```ts\nconst a = 1; // A. B. C.\n```\n\nDone.";
  expect(wholeSentences(markdown, true).join(" ")).toBe("See the page. Code. Done.");
  expect(countSentences(markdown)).toBe(3);
  expect(countSentences("```\nopen")).toBe(1);
});
