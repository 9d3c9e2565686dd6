import fc from "fast-check";
import { expect, test } from "vitest";
import type { ModelCall } from "../../protocol/agent/model.ts";
import { cacheKeyOf } from "./cache-key.ts";

const owner = fc.record({ workspaceId: fc.constantFrom("a", "b"), userId: fc.constantFrom("a", "b", "ab") });
const bytes = fc.uint8Array({ minLength: 1, maxLength: 4 });
const content = fc.oneof(
  fc.constantFrom("hello", "hello ", "Hello"),
  fc.tuple(fc.constantFrom("hello", "x"), bytes).map(([text, data]) => [
    { type: "text" as const, text },
    { type: "file" as const, data, mediaType: "image/png" },
  ]),
);
const tool = fc.record({
  name: fc.constantFrom("find", "pay"),
  inputSchema: fc.record({ type: fc.constant("object" as const), title: fc.constantFrom("one", "two") }),
});
const settings = fc.record(
  { temperature: fc.constantFrom(0, 1), maxOutputTokens: fc.constantFrom(10, 20) },
  { requiredKeys: [] },
);
const call: fc.Arbitrary<ModelCall> = fc.record(
  {
    model: fc.constantFrom("test/a", "test/b"),
    instructions: fc.constantFrom("Be brief.", "Be long."),
    messages: fc.array(
      content.map((said) => ({ role: "user" as const, content: said })),
      { minLength: 1, maxLength: 2 },
    ),
    tools: fc.array(tool, { maxLength: 2 }),
    settings,
  },
  { requiredKeys: ["model", "messages", "tools", "settings"] },
);

const asComparable = (value: unknown): string =>
  JSON.stringify(value, (_name, member: unknown) => {
    if (member instanceof Uint8Array) return `bytes ${[...member].join(" ")}`;
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).toSorted(([left], [right]) => (left < right ? -1 : 1)));
  });

test("C4 two calls share a key exactly when user, workspace and every input are the same", () => {
  fc.assert(
    fc.property(
      fc.tuple(owner, call),
      fc.tuple(owner, call),
      fc.boolean(),
      ([who, asked], [whoElse, askedElse], isTwin) => {
        const other = isTwin ? structuredClone(asked) : askedElse;
        const isSame = asComparable([who, asked]) === asComparable([whoElse, other]);
        expect(cacheKeyOf(who, asked) === cacheKeyOf(whoElse, other)).toBe(isSame);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("C4 every single change of an input is another key", () => {
  const base: ModelCall = {
    model: "test/a",
    instructions: "Be brief.",
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "what is this?" },
          { type: "file", data: new Uint8Array([1, 2, 3]), mediaType: "image/png" },
        ],
      },
    ],
    tools: [{ name: "find", inputSchema: { type: "object" } }],
    settings: { temperature: 0 },
  };
  const user = { workspaceId: "acme", userId: "ann" };
  const keys = [
    cacheKeyOf(user, base),
    cacheKeyOf({ ...user, userId: "bob" }, base),
    cacheKeyOf({ workspaceId: "emca", userId: "ann" }, base),
    cacheKeyOf(user, { ...base, model: "test/b" }),
    cacheKeyOf(user, { ...base, instructions: "Be long." }),
    cacheKeyOf(user, { ...base, tools: [] }),
    cacheKeyOf(user, { ...base, tools: [{ name: "find", inputSchema: { type: "object", title: "x" } }] }),
    cacheKeyOf(user, { ...base, settings: { temperature: 1 } }),
    cacheKeyOf(user, {
      ...base,
      messages: [
        { role: "user", content: [{ type: "file", data: new Uint8Array([1, 2, 4]), mediaType: "image/png" }] },
      ],
    }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).not.toContain(null);
});

test("a file that lies elsewhere has no key: what is there may change", () => {
  const at = (data: string | URL): ModelCall => ({
    model: "test/a",
    messages: [{ role: "user", content: [{ type: "file", data, mediaType: "image/png" }] }],
    tools: [],
    settings: {},
  });
  const user = { workspaceId: "acme", userId: "ann" };
  expect(cacheKeyOf(user, at("https://files.test/a.png"))).toBeNull();
  expect(cacheKeyOf(user, at(new URL("https://files.test/a.png")))).toBeNull();
});
