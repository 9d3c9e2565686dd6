import { describe, expect, it } from "vitest";
import { settingsSchema } from "./settings.ts";

const bounds = {
  temperature: [0, 2],
  topP: [0, 1],
  frequencyPenalty: [-2, 2],
  presencePenalty: [-2, 2],
  maxOutputTokens: [1, 1_000_000],
} as const;

const isAccepted = (settings: unknown): boolean => settingsSchema.safeParse(settings).success;

describe("A2 settings", () => {
  it.each(Object.entries(bounds))("%s is taken within its bounds and refused beyond them", (name, [low, high]) => {
    const isInteger = name === "maxOutputTokens";
    const middle = isInteger ? 500 : (low + high) / 2;
    for (const value of [low, middle, high]) expect([value, isAccepted({ [name]: value })]).toEqual([value, true]);
    const beyond = isInteger ? [low - 1, high + 1, 1.5] : [low - 0.001, high + 0.001, low - 100, high + 100];
    for (const value of [...beyond, Number.NaN, Number.POSITIVE_INFINITY, "1", null, [1]])
      expect([value, isAccepted({ [name]: value })]).toEqual([value, false]);
  });

  it("instructions hold 100,000 characters, stream is a boolean, and nothing else is known", () => {
    expect(isAccepted({})).toBe(true);
    expect(isAccepted({ instructions: "x".repeat(100_000) })).toBe(true);
    expect(isAccepted({ instructions: "x".repeat(100_001) })).toBe(false);
    expect(isAccepted({ stream: false })).toBe(true);
    expect(isAccepted({ stream: "false" })).toBe(false);
    expect(isAccepted({ temprature: 1 })).toBe(false);
  });

  it("provider-specific parameters are objects of JSON per provider, at most 16,384 characters", () => {
    expect(isAccepted({ providerOptions: { openai: { reasoningEffort: "low", nested: { a: [1, null] } } } })).toBe(
      true,
    );
    expect(isAccepted({ providerOptions: { openai: "low" } })).toBe(false);
    expect(isAccepted({ providerOptions: { openai: { at: new Date() } } })).toBe(false);
    expect(isAccepted({ providerOptions: [] })).toBe(false);
    const filled = (length: number) => ({ providerOptions: { openai: { text: "x".repeat(length) } } });
    const frame = JSON.stringify(filled(0).providerOptions).length;
    expect(isAccepted(filled(16_384 - frame))).toBe(true);
    expect(isAccepted(filled(16_385 - frame))).toBe(false);
  });
});
