import type { Part } from "natter/client";
import { describe, expect, it } from "vitest";
import { groupParts, textOf } from "./part-groups.ts";

const call = (id: string): Part => ({
  type: "tool-add",
  toolCallId: id,
  state: "output-available",
  input: { a: 1 },
  output: 2,
});

describe("the parts of an answer as they are shown (C9)", () => {
  it("puts calls of following steps together, and parts them where something is said between", () => {
    const parts: Part[] = [
      { type: "step-start" },
      call("1"),
      { type: "step-start" },
      { type: "text", text: "" },
      call("2"),
      { type: "text", text: "Between." },
      call("3"),
    ];
    expect(groupParts(parts).map((group) => [group.kind, "parts" in group ? group.parts.length : 1])).toEqual([
      ["tools", 2],
      ["text", 1],
      ["tools", 1],
    ]);
  });

  it("parts from the others what asks a person (N5, N13)", () => {
    const asked: Part = {
      type: "tool-pay",
      toolCallId: "2",
      state: "approval-requested",
      input: {},
      approval: { id: "a" },
    };
    const form: Part = { type: "tool-ask", toolCallId: "3", state: "input-available", input: {} };
    const parts = [call("1"), asked, form, call("4")];
    expect(groupParts(parts).map(({ kind }) => kind)).toEqual(["tools", "approval", "tools"]);
    const kinds = groupParts(parts, ({ type }) => type === "tool-ask").map(({ kind }) => kind);
    expect(kinds).toEqual(["tools", "approval", "form", "tools"]);
  });

  it("keeps the keys of what is there while more arrives", () => {
    const parts: Part[] = [
      { type: "reasoning", text: "a" },
      { type: "reasoning", text: "b" },
      { type: "text", text: "c" },
    ];
    const keys = parts.map((_part, index) => groupParts(parts.slice(0, index + 1)).map(({ key }) => key));
    expect(keys).toEqual([["0"], ["0"], ["0", "2"]]);
  });

  it("shows results, maps and sources in their places, unknown data, and nothing of Natter's other facts", () => {
    const parts: Part[] = [
      { type: "source-url", sourceId: "1", url: "https://example.com" },
      { type: "data-weather", data: { degrees: 3 } },
      { type: "data-natter-tool-result", data: {} },
      { type: "data-natter-map", data: {} },
      { type: "data-natter-else", data: {} },
      { type: "text", text: "It is cold." },
    ];
    expect(groupParts(parts).map(({ kind }) => kind)).toEqual(["data", "result", "map", "text", "sources"]);
    expect(textOf(parts)).toBe("It is cold.");
  });
});
