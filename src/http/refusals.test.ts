import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../foundation/ids.ts";
import type { Logger } from "../foundation/logger.ts";
import { NatterError } from "../foundation/errors.ts";
import type { Database } from "../ports/database.ts";
import { createScriptedModel } from "../testing/providers/scripted-model.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { createWeb, requestOf, tokenFor, type Ask, type Web } from "../testing/servers/web.ts";

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly path: string }[];
}

describe("what is refused, and how", () => {
  let database: Database;
  let web: Web;
  let token: string;
  const logged: { fields: object; message: string }[] = [];
  const note = (fields: object, message: string): void => void logged.push({ fields, message });
  const logger: Logger = { debug: note, info: note, warn: note, error: note };

  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
    web = await createWeb({ database, model: createScriptedModel(() => []), logger });
    token = await tokenFor();
  });
  afterAll(async () => {
    await web.close();
    await database.close();
  });

  const refuse = async (path: string, ask: Ask = {}): Promise<Problem> => {
    const response = await web.ask(path, { token, ...ask });
    expect([path, ask.body, response.headers.get("content-type")]).toEqual([
      path,
      ask.body,
      "application/problem+json",
    ]);
    const problem = (await response.json()) as Problem;
    expect(problem).toMatchObject({
      type: "about:blank",
      title: expect.any(String),
      status: response.status,
      code: expect.any(String),
      requestId: response.headers.get("x-request-id"),
    });
    return problem;
  };

  const post = (body: unknown, path = "/v1/chat"): Promise<Problem> => refuse(path, { body });
  const message = { text: "hello" };

  test.each<readonly [string, unknown, string]>([
    ["no message", {}, "/message"],
    ["an empty text", { message: { text: "" } }, "/message/text"],
    ["white space only", { message: { text: " \n\t" } }, "/message/text"],
    ["A5 a text of 100,001 characters", { message: { text: "x".repeat(100_001) } }, "/message/text"],
    [
      "A5 parts of 100,001 characters together",
      {
        message: {
          parts: [
            { type: "text", text: "x".repeat(60_000) },
            { type: "text", text: "x".repeat(40_001) },
          ],
        },
      },
      "/message/parts",
    ],
    ["text and parts", { message: { text: "a", parts: [{ type: "text", text: "a" }] } }, "/message"],
    ["no parts", { message: { parts: [] } }, "/message/parts"],
    [
      "101 parts",
      { message: { parts: Array.from({ length: 101 }, () => ({ type: "text", text: "a" })) } },
      "/message/parts",
    ],
    [
      "a part of the assistant's",
      {
        message: {
          parts: [{ type: "tool-refund", toolCallId: "1", state: "output-available", input: {}, output: {} }],
        },
      },
      "/message/parts/0/type",
    ],
    ["a data part", { message: { parts: [{ type: "data-x", data: {} }] } }, "/message/parts/0/type"],
    ["S39 a short id", { message, conversationId: "__proto__" }, "/conversationId"],
    ["S39 a long id", { message, conversationId: "x".repeat(10_000) }, "/conversationId"],
    ["S39 an id with a space at the end", { message: { ...message, id: `${createId()} ` } }, "/message/id"],
    ["S39 an id that is no text", { message: { ...message, id: { toString: "x" } } }, "/message/id"],
    ["S10 a role", { message: { ...message, role: "system" } }, "/message"],
    [
      "S10 a sequence and a cost",
      { message, sequence: 1, cost: 0, userId: "x", workspaceId: "y", status: "completed", createdAt: "2020" },
      "",
    ],
    ["A2 a temperature of 2.1", { message, settings: { temperature: 2.1 } }, "/settings/temperature"],
    ["A2 a top-p below 0", { message, settings: { topP: -0.1 } }, "/settings/topP"],
    ["S44 a million steps", { message, settings: { maxSteps: 1e6 } }, "/settings"],
    ["an unknown onBusy", { message, onBusy: "drop" }, "/onBusy"],
  ])("%s is 422, and says where", async (_name, body, path) => {
    const problem = await post(body);
    expect(problem).toMatchObject({ status: 422, code: "unprocessable" });
    expect(problem.errors?.map((error) => error.path)).toContain(path);
  });

  test("exactly 100,000 characters are taken (A5)", async () => {
    const response = await web.ask("/v1/chat", { token, body: { message: { text: "x".repeat(100_000) } } });
    expect(response.status).toBe(200);
    await response.body?.cancel();
  });

  test("an unknown model or agent is 422", async () => {
    expect(await post({ message, model: "nobody/none" })).toMatchObject({ status: 422, code: "model_not_available" });
    expect(await post({ message, agent: "nobody" })).toMatchObject({ status: 422 });
  });

  test("at most 20 mistakes are told", async () => {
    const problem = await post({ message: { parts: Array.from({ length: 90 }, () => ({ type: "x" })) } });
    expect(problem.errors).toHaveLength(20);
  });

  test("S37 wrong types and bodies are 400, 415 or 422 on every route with a body", async () => {
    const routes = web.http.routes.filter((route) => route.body !== undefined && !route.isOpen);
    expect(routes.length).toBeGreaterThanOrEqual(8);
    const { userId } = (await (await web.ask("/v1/me", { token })).json()) as { userId: string };
    for (const { method, path, isBodyOptional } of routes) {
      // another user's path is refused before its body is looked at
      const own = path.startsWith("/v1/users/") ? path.replace("{userId}", userId) : path;
      const filled = own.replaceAll(/\{\w+\}/g, createId());
      const ask = (body: string, headers: Record<string, string>) =>
        refuse(filled, { method: method.toUpperCase(), body, headers });
      for (const type of [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/jsonp",
        "text/json",
        "",
      ]) {
        expect([path, type, (await ask("{}", { "content-type": type })).status]).toEqual([path, type, 415]);
      }
      for (const body of ["null", "[]", '"x"', "1", "true", "[{}]"]) {
        // the forms of a named user keep the statuses that their clients were promised
        const expected = path.startsWith("/v1/users/") ? 400 : 422;
        expect([path, body, (await ask(body, {})).status]).toEqual([path, body, expected]);
      }
      expect([path, (await ask("{", {})).status]).toEqual([path, 400]);
      const empty = await web.ask(filled, {
        method: method.toUpperCase(),
        token,
        headers: { "content-type": "application/json" },
      });
      const taken = isBodyOptional === true ? [201, 404] : [400];
      expect([path, taken.includes(empty.status)]).toEqual([path, true]);
    }
  });

  test.each([
    "limit=0",
    "limit=201",
    "limit=x",
    "limit=-1",
    "limit=1e2",
    "limit=1&limit=2",
    "status=gone",
    "status[$ne]=active",
    "sort=name",
    "order=id;drop table message",
    "cursor=x",
    "cursor=e30",
    "cursor=%22",
    `cursor=${Buffer.from(JSON.stringify({ updatedAt: "2024-02-30 00:00:00+00", id: createId() })).toString("base64url")}`,
    `cursor=${Buffer.from(JSON.stringify({ updatedAt: "' or 1=1 --", id: createId() })).toString("base64url")}`,
    `cursor=${Buffer.from(JSON.stringify({ updatedAt: "2024-01-01 00:00:00+00", id: createId(), more: 1 })).toString("base64url")}`,
    `cursor=${"a".repeat(600)}`,
    "__proto__=1",
    "count=yes",
  ])("S12 the list query %s is 400", async (query) => {
    expect(await refuse(`/v1/conversations?${query}`)).toMatchObject({ status: 400, code: "invalid_request" });
  });

  test("S34 a NUL in a query is 422, and in a path 404", async () => {
    expect(await refuse("/v1/conversations?q=a%00b")).toMatchObject({ status: 422 });
    expect(await refuse(`/v1/conversations/${createId()}%00`)).toMatchObject({ status: 404 });
  });

  test("S12 a search for SQL or patterns finds just that text", async () => {
    await web.ask("/v1/conversations", { token, body: { title: "plain" } });
    await web.ask("/v1/conversations", { token, body: { title: "100% of x') OR 1=1--" } });
    const find = async (q: string): Promise<number> =>
      ((await (await web.ask(`/v1/conversations?q=${encodeURIComponent(q)}`, { token })).json()) as { data: unknown[] })
        .data.length;
    expect(await find("x') OR 1=1--")).toBe(1);
    expect(await find("%")).toBe(1);
    expect(await find("_")).toBe(0);
    expect(await find("PLAIN")).toBe(1);
  });

  test("an Idempotency-Key that is none is 400, and stores nothing", async () => {
    const conversationId = createId();
    for (const key of ["", "a b", "x".repeat(256), "\u00e4"]) {
      const ask = { body: { conversationId, message }, headers: { "idempotency-key": key } };
      expect(await refuse("/v1/chat", ask)).toMatchObject({ status: 400 });
    }
    expect(await refuse(`/v1/conversations/${conversationId}`)).toMatchObject({ status: 404 });
  });

  test("what was not foreseen is a 500 that says nothing, and stands whole in the log", async () => {
    const secret = "postgres://natter:hunter2@db.internal/natter";
    const broken = await createWeb({
      database,
      model: createScriptedModel(() => []),
      logger,
      dependencies: { authenticate: () => Promise.reject(new Error(`connect ${secret} failed`)) },
    });
    logged.length = 0;
    const response = await broken.ask("/v1/me");
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toMatch(/hunter2|postgres|Error:|\bat .*\(/);
    expect(JSON.parse(text)).toMatchObject({ code: "internal", title: "Internal Server Error" });
    expect(
      logged.some(
        ({ fields }) =>
          "error" in fields && fields.error instanceof NatterError && String(fields.error.cause).includes("connect"),
      ),
    ).toBe(true);
    await broken.close();
  });

  test("an error says when to come back", async () => {
    const busy = await createWeb({
      database,
      model: createScriptedModel(() => []),
      dependencies: {
        authenticate: () => Promise.reject(new NatterError("unavailable", "Not now.", { retryAfter: 0.2 })),
      },
    });
    const response = await busy.ask("/v1/me");
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("1");
    await busy.close();
  });

  test("401 names the scheme", async () => {
    const response = await web.http.fetch(requestOf("/v1/me"));
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
  });

  test("S46 no log line holds a token, a text or a user agent", async () => {
    logged.length = 0;
    const canary = "CANARY-7f3a";
    await web.ask(`/v1/conversations?q=${canary}`, { token, headers: { "user-agent": `${canary}\u001b[31m` } });
    await web.ask("/v1/me", { token: `${canary}.${canary}.${canary}` });
    await (await web.ask("/v1/chat", { token, body: { message: { text: canary } } })).body?.cancel();
    await web.ask(`/v1/conversations/${canary}`, { token });
    expect(logged.length).toBeGreaterThan(3);
    expect(JSON.stringify(logged)).not.toContain(canary);
    expect(JSON.stringify(logged)).not.toContain(token);
  });

  test("S46 a request id of the caller's is used when it is one, and replaced when it is not", async () => {
    const ask = (id: string) => web.ask("/healthz", { headers: { "x-request-id": id } });
    expect((await ask("trace-0123456789")).headers.get("x-request-id")).toBe("trace-0123456789");
    for (const id of ["short", "a b c d e f g h", "x".repeat(65), "${jndi:ldap://evil}"]) {
      expect((await ask(id)).headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test("S45 a preflight from elsewhere is allowed nothing", async () => {
    for (const path of ["/v1/chat", "/v1/me", "/healthz"]) {
      const response = await web.ask(path, {
        method: "OPTIONS",
        headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
      });
      expect(response.status).toBe(405);
      expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });
});
