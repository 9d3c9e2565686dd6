import { describe, expect, it } from "vitest";
import { z } from "zod";
import { tool } from "../tools/tool.ts";
import { chat } from "./chat.ts";
import { createAgentDirectory, defineAgent } from "./define-agent.ts";

const nothing = tool({ inputSchema: z.object({}), execute: () => null });

describe("B3 agents", () => {
  it("have defaults for all that was not said", () => {
    expect(createAgentDirectory({ support: defineAgent({}) }).get("support")).toMatchObject({
      id: "support",
      name: "support",
      tools: {},
      settings: {},
      runner: { name: "toolLoop" },
      maxSteps: 10,
      contextMessages: 100,
    });
    const support = createAgentDirectory({ support: {} }).get("support");
    expect(support).not.toHaveProperty("model");
    expect(support).not.toHaveProperty("instructions");
  });

  it("keep what was said", () => {
    const said = {
      name: "Support",
      model: "test/model",
      instructions: "be kind",
      tools: { nothing },
      settings: { temperature: 1 },
      runner: chat(),
      maxSteps: 3,
      contextMessages: 20,
    };
    expect(createAgentDirectory({ support: defineAgent(said) }).get("support")).toEqual({ id: "support", ...said });
  });

  it("C11 take the server's limits where they say none", () => {
    const directory = createAgentDirectory({ a: {}, b: { maxSteps: 2 } }, { maxSteps: 4, contextMessages: 30 });
    expect(directory.get("a")).toMatchObject({ maxSteps: 4, contextMessages: 30 });
    expect(directory.get("b")).toMatchObject({ maxSteps: 2, contextMessages: 30 });
  });

  it("answer by default as `default`, else as the first", () => {
    expect(createAgentDirectory({ a: {}, default: {} }).defaultId).toBe("default");
    expect(createAgentDirectory({ b: {}, a: {} }).defaultId).toBe("b");
    expect(
      createAgentDirectory({ b: {}, a: {} })
        .list()
        .map(({ id }) => id),
    ).toEqual(["b", "a"]);
    expect(createAgentDirectory({ a: {} }).get("toString")).toBeUndefined();
  });

  it("are refused without any, and with a tool that no model could call", () => {
    expect(() => createAgentDirectory({})).toThrow(TypeError);
    for (const name of ["two words", "", "a".repeat(65), "ü", "a.b"])
      expect(() => createAgentDirectory({ a: { tools: { [name]: nothing } } })).toThrow(/can't be a tool's name/);
    expect(() => createAgentDirectory({ a: { tools: { [`A-z_9${"x".repeat(59)}`]: nothing } } })).not.toThrow();
  });
});
