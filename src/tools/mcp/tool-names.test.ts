import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { modelNames } from "./tool-names.ts";

describe("the names of MCP tools", () => {
  test("are the server's and the tool's, in characters that providers take", () => {
    expect(modelNames("tasks", ["add_task", "files/read", "weiß.ich"])).toEqual([
      "tasks__add_task",
      "tasks__files_read",
      "tasks__wei__ich",
    ]);
  });

  test("that clash are told apart by a hash, and the one that needed no change keeps its name", () => {
    const [slash, plain, dot] = modelNames("tasks", ["a/b", "a_b", "a.b"]);
    expect(plain).toBe("tasks__a_b");
    expect(slash).toMatch(/^tasks__a_b_[0-9a-f]{8}$/);
    expect(dot).toMatch(/^tasks__a_b_[0-9a-f]{8}$/);
    expect(dot).not.toBe(slash);
  });

  test("are unique, fit, and do not depend on the order of the list", () => {
    const tools = fc.uniqueArray(
      fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom("a.b", "a/b", "a_b", "x".repeat(90))),
      {
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(tools, (names) => {
        const made = modelNames("tasks", names);
        expect(new Set(made).size).toBe(names.length);
        for (const name of made) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
        expect(modelNames("tasks", names.toReversed())).toEqual(made.toReversed());
      }),
    );
  });
});
