import { expect, test } from "vitest";
import { silentLogger } from "../../foundation/logger.ts";
import { checkText } from "./check-text.ts";
import { compileRules, type GuardRule } from "./rules.ts";
import { lookFor } from "./text-scanner.ts";

const given: readonly GuardRule[] = [
  { name: "card", action: "redact", pattern: String.raw`\b(?:\d[ -]?){12,18}\d\b` },
  { name: "mail", action: "redact", pattern: /[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}/i },
  { name: "evil", action: "redact", pattern: "(a+)+b" },
];
const rules = compileRules("input", given);
const place = { logger: silentLogger, direction: "input" as const, fields: {} };

const countTurns = (): (() => number) => {
  let turns = 0;
  let isCounting = true;
  const turn = (): void => {
    turns += 1;
    if (isCounting) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    isCounting = false;
    return turns;
  };
};

test.each([
  ["one letter", `${"a".repeat(1_000_000)}!`],
  ["prose", "The quick brown fox, 12 jumps; mail me at home. ".repeat(21_000)],
])(
  "S40 a megabyte of %s is looked through in time linear in it, and others have their turns meanwhile",
  async (_what, text) => {
    const turns = countTurns();
    expect(await checkText(place, rules, lookFor(rules.patterns), text)).toBe(text);
    expect(turns()).toBeGreaterThan(10);
  },
);

test("matches over the borders of turns are found", async () => {
  const text = "x".repeat(65_530);
  const shown = await checkText(
    place,
    rules,
    lookFor(rules.patterns),
    `${text} 4111 1111 1111 1111 ${text} ann@example.test`,
  );
  expect(shown).toBe(`${text} [redacted] ${text} [redacted]`);
});
