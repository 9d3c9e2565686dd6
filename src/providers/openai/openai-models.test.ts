import { openaiModelCatalog } from "@ai-sdk/openai/internal";
import { describe, expect, test } from "vitest";
import { readOpenAIModel } from "./openai-models.ts";

const models = Object.entries(openaiModelCatalog).flatMap(([id, entry]) =>
  "language" in entry.capabilities ? [[id, entry.capabilities.language] as const] : [],
);

describe("A9 what an OpenAI model takes", () => {
  test("is there to compare with", () => {
    expect(models.length).toBeGreaterThan(20);
  });

  test.each(models)("is read from the name %s as AI SDK says", (id, { reasoning, endpoints }) => {
    const read = readOpenAIModel(id);
    expect(read.isReasoning).toBe(reasoning.support);
    expect(read.reasonsWithToolsInResponsesOnly).toBe(!endpoints.chat.functionToolsWithReasoning);
    expect(read.isReasoning && read.canSkipReasoning).toBe(
      reasoning.support === true && reasoning.sampling === "reasoning-effort-none",
    );
  });

  test.each([
    ["gpt-5-pro", true],
    ["gpt-5.3-codex", true],
    ["gpt-5.4-pro-2026-03-05", true],
    ["o3-deep-research", true],
    ["o3-pro", true],
    ["codex-mini-latest", true],
    ["o3", false],
    ["gpt-4o", false],
    ["my-deployment", false],
  ])("says whether %s needs Responses: %s", (id, needsResponses) => {
    expect(readOpenAIModel(id).needsResponses).toBe(needsResponses);
  });
});
