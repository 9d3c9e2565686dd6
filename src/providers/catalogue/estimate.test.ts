import { describe, expect, test } from "vitest";
import { estimateCallTokens, estimateTokens } from "./estimate.ts";

describe("an estimate", () => {
  test("of English is within a third of what OpenAI counts", () => {
    const text = "The quick brown fox jumps over the lazy dog. It was the best of times, it was the worst of times.";
    expect(estimateTokens(text)).toBeGreaterThan(24 * 0.67);
    expect(estimateTokens(text)).toBeLessThan(24 * 1.33);
  });

  test("of other scripts counts their characters for more", () => {
    expect(estimateTokens("日本語の文章")).toBeGreaterThanOrEqual(4);
    expect(estimateTokens("")).toBe(0);
    expect(estimateTokens("a")).toBe(1);
  });

  test("of a call counts instructions, messages, files and tools", () => {
    const call = { model: "m/m", messages: [{ role: "user" as const, content: "abcd" }], tools: [], settings: {} };
    expect(estimateCallTokens(call)).toBe(5);
    expect(estimateCallTokens({ ...call, instructions: "abcdefgh" })).toBe(7);
    const tools = [{ name: "add", inputSchema: { type: "object" as const } }];
    expect(estimateCallTokens({ ...call, tools })).toBeGreaterThan(10);
    const file = { type: "file" as const, data: "x".repeat(100_000), mediaType: "image/png" };
    expect(estimateTokens([{ role: "user", content: [file] }])).toBe(1004);
  });

  test("counts a file for one, wherever its bytes stand", () => {
    const base64 = "A".repeat(1_000_000);
    const value = { type: "image", data: base64, url: `data:image/png;base64,${base64}`, note: "two files" };
    const result = {
      type: "tool-result" as const,
      toolCallId: "c",
      toolName: "look",
      output: { type: "json" as const, value },
    };
    expect(estimateTokens([{ role: "tool", content: [result] }])).toBeLessThan(2_100);
    const image = { type: "image" as const, image: new Uint8Array(1_000_000) };
    expect(estimateTokens([{ role: "user", content: [image] }])).toBe(1_004);
    const prose = { ...result, output: { type: "json" as const, value: { text: "word ".repeat(1_000) } } };
    expect(estimateTokens([{ role: "tool", content: [prose] }])).toBeGreaterThan(1_200);
  });
});
