import { afterEach, describe, expect, test } from "vitest";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { createLayeredWeb, type LayeredWeb } from "../../testing/servers/layered-web.ts";
import { tokenFor } from "../../testing/servers/web.ts";
import type { ModelEnd } from "../../protocol/agent/model.ts";
import { rateLimit } from "./rate-limit.ts";
import type { RateLimitOptions } from "./minute-rules.ts";

let natter: LayeredWeb;
afterEach(() => natter.close());

const usage = (inputTokens: number, outputTokens: number): ModelEnd => ({
  finishReason: "stop",
  usage: { inputTokens, outputTokens },
});

const mount = async (limits: RateLimitOptions | undefined, end = usage(1, 1)) => {
  const model = createScriptedModel(() => [say("hello"), { end }]);
  natter = await createLayeredWeb({ model, middleware: [rateLimit(limits)] });
  return model;
};

const send = (token?: string): Promise<Response> =>
  natter.ask("/v1/chat", {
    body: { message: { text: "hi" }, stream: false },
    ...(token === undefined ? {} : { token }),
  });

const conversations = async (): Promise<unknown[]> =>
  ((await (await natter.ask("/v1/conversations")).json()) as { data: unknown[] }).data;

describe("C4 D4 rateLimit", () => {
  test("30 requests a minute by default; the next is 429 with Retry-After, and nothing of it is stored", async () => {
    await mount(undefined);
    const responses = await Promise.all(Array.from({ length: 31 }, () => send()));
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(30);
    const refused = responses.find(({ status }) => status !== 200)!;
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: "rate_limited" });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused.headers.get("ratelimit-policy")).toBe('"user-requests";q=30;w=60');
    expect(refused.headers.get("ratelimit")).toMatch(/^"user-requests";r=0;t=\d+$/);
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(await conversations()).toHaveLength(30);
  });

  test("every answer tells what is left of requests and tokens, and X-RateLimit tells the tighter", async () => {
    await mount({ user: { requests: 5, tokens: 1_000 } });
    const { headers } = await send();
    expect(headers.get("ratelimit-policy")).toBe('"user-tokens";q=1000;w=60, "user-requests";q=5;w=60');
    expect(headers.get("x-ratelimit-limit")).toBe("5");
    expect(headers.get("x-ratelimit-remaining")).toBe("4");
  });

  test("tokens count as models use them: what went beyond fills the minute, and a message that finds no room stores nothing", async () => {
    const model = await mount({ user: { requests: 0, tokens: 500 } }, usage(400, 300));
    expect((await send()).status).toBe(200);
    const refused = await send();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining("500 tokens a minute") });
    expect(model.calls).toHaveLength(1);
    expect(await conversations()).toHaveLength(1);
  });

  test("S43 the limit is of the user, whatever key it comes by; a key and a workspace have limits of their own besides", async () => {
    await mount({ user: { requests: 3 }, key: { requests: 1 } });
    const made = await natter.ask("/v1/api-keys", { body: { name: "one" } });
    const { key } = (await made.json()) as { key: string };
    expect((await send(key)).status).toBe(200);
    const second = await send(key);
    expect(await second.json()).toMatchObject({ detail: expect.stringContaining("of this API key") });
    const other = (await (await natter.ask("/v1/api-keys", { body: { name: "two" } })).json()) as { key: string };
    const statuses = [(await send(other.key)).status, (await send()).status, (await send()).status];
    expect(statuses.at(-1)).toBe(429);
    expect((await send(await tokenFor({ subject: "somebody else" }))).status).toBe(200);
  });

  test("a workspace's limit is shared by its members", async () => {
    await mount({ workspace: { requests: 2 } });
    const tokenOf = (subject: string) => tokenFor({ subject, workspace: "acme-workspace", role: "member" });
    const statuses: number[] = [];
    for (const subject of ["a", "b", "c"]) statuses.push((await send(await tokenOf(subject))).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  test("clients of AI SDK are told in a sentence", async () => {
    await mount({ user: { requests: 1 } });
    await send();
    const body = {
      id: "conversation-of-ai-sdk",
      trigger: "submit-message",
      messages: [{ id: "message-of-ai-sdk-1", role: "user", parts: [{ type: "text", text: "hi" }] }],
    };
    const refused = await natter.ask("/v1/chat", { body });
    expect(refused.status).toBe(429);
    expect(await refused.text()).toMatch(/^1 request a minute is used; try again in \d+ s\.$/);
  });

  test("what is no limit is refused at start", () => {
    expect(() => rateLimit({ user: { requests: -1 } })).toThrow("rateLimit(): user.requests");
  });
});
