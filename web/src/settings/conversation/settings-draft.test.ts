import { expect, test } from "vitest";
import { draftOf, errorsOf, settingsOf, type SettingsDraft } from "./settings-draft.ts";

const withNumbers = (numbers: Partial<SettingsDraft["numbers"]>): SettingsDraft => {
  const draft = draftOf({});
  return { ...draft, numbers: { ...draft.numbers, ...numbers } };
};

test("A2 settings stay what they are through the form", () => {
  const settings = {
    instructions: "Answer in verse.",
    temperature: 0,
    topP: 0.35,
    maxOutputTokens: 512,
    frequencyPenalty: -2,
    presencePenalty: 2,
    stream: false,
    providerOptions: { openai: { store: false } },
  };
  expect(errorsOf(draftOf(settings))).toEqual({});
  expect(settingsOf(draftOf(settings))).toEqual(settings);
  expect(settingsOf(draftOf({}))).toEqual({});
});

test.each([
  ["temperature", "2", true],
  ["temperature", "2.01", false],
  ["temperature", "-0.1", false],
  ["topP", "1", true],
  ["topP", "1.5", false],
  ["maxOutputTokens", "1", true],
  ["maxOutputTokens", "0", false],
  ["maxOutputTokens", "1.5", false],
  ["maxOutputTokens", "1000001", false],
  ["frequencyPenalty", "-2", true],
  ["frequencyPenalty", "-2.1", false],
  ["presencePenalty", "many", false],
  ["presencePenalty", "  ", true],
] as const)("A2 %s of %j is allowed: %s", (name, text, isAllowed) => {
  expect(errorsOf(withNumbers({ [name]: text }))[name] === undefined).toBe(isAllowed);
});

test.each([
  ['{ "openai": { "user": "x" } }', true],
  ["", true],
  ["{}", true],
  ["[]", false],
  ['{ "openai": 1 }', false],
  ["{", false],
  ["null", false],
  [JSON.stringify({ openai: { text: "x".repeat(20_000) } }), false],
])("A2 provider options %.40s are allowed: %s", (text, isAllowed) => {
  const errors = errorsOf({ ...draftOf({}), providerOptions: text });
  expect(errors.providerOptions === undefined).toBe(isAllowed);
});

test("instructions have an end", () => {
  expect(errorsOf({ ...draftOf({}), instructions: "x".repeat(100_000) })).toEqual({});
  expect(errorsOf({ ...draftOf({}), instructions: "x".repeat(100_001) }).instructions).toContain("100,000");
});
