import { expect, test } from "vitest";
import { z } from "zod";
import { route } from "../../http/route.ts";
import { listOf } from "../../protocol/page.ts";
import { createAnswerCheck } from "./answer-check.ts";

const itemSchema = z.object({ id: z.string(), name: z.string().nullable() });
const routes = [
  route({
    method: "get",
    path: "/v1/items",
    summary: "Items",
    tag: "Items",
    answers: { 200: { description: "All", schema: listOf(itemSchema) } },
    handle: () => new Response(),
  }),
  route({
    method: "get",
    path: "/v1/{kind}",
    summary: "Anything",
    tag: "Items",
    answers: { 200: { description: "Anything", schema: z.object({ kind: z.string() }) } },
    handle: () => new Response(),
  }),
];
const check = createAnswerCheck(routes);

const answered = (path: string, body: unknown, status = 200): Promise<void> =>
  check({ method: "GET", url: `http://natter.test${path}` }, Response.json(body, { status }));

test("an answer passes that has what its description says; the problem that is refused with is not looked at", async () => {
  const passing: [string, unknown, number?][] = [
    ["/v1/items?limit=1", { data: [{ id: "a", name: null }], nextCursor: null }],
    ["/v1/others", { kind: "others" }],
    ["/v1/items", { code: "not_found" }, 404],
    ["/elsewhere/for/good", { anything: true }],
  ];
  for (const one of passing) await expect(answered(...one)).resolves.toBeUndefined();
});

test.each([
  ["a member is missing", { data: [{ id: "a" }], nextCursor: null }, 200],
  ["a member is of another type", { data: [{ id: 1, name: null }], nextCursor: null }, 200],
  ["there is one more, deep inside", { data: [{ id: "a", name: null, secret: "s" }], nextCursor: null }, 200],
  ["there is one more", { data: [], nextCursor: null, count: 0 }, 200],
  ["its status is not described", {}, 201],
])("an answer is refused when %s", async (_what, body, status) => {
  await expect(answered("/v1/items", body, status)).rejects.toThrow(`get /v1/items answers ${status}`);
});
