import { expect, test } from "vitest";
import { firstSentence, wordsOf } from "./tool-words.ts";

test("a tool's name is said in words", () => {
  expect(
    ["create_ticket", "createTicket", "mcp__jira__create-ticket", "github.readHTML5Page", "___"].map(wordsOf),
  ).toEqual(["Create ticket", "Create ticket", "Create ticket", "Read html5 page", "___"]);
});

test("of a description the first sentence is enough", () => {
  expect(firstSentence("Sends money. Use it with care.")).toBe("Sends money.");
  expect(firstSentence("Version 1.5 of it\n")).toBe("Version 1.5 of it");
  expect(firstSentence("Sends\u202e\n money. More")).toBe("Sends money.");
  expect(firstSentence("x".repeat(9_000)).length).toBe(240);
});
