import { afterEach, describe, expect, test } from "vitest";
import { createLayeredWeb, type LayeredWeb } from "../../testing/servers/layered-web.ts";
import { createScriptedModel, say, type ModelScript } from "../../testing/providers/scripted-model.ts";
import { readStream, tokenFor } from "../../testing/servers/web.ts";
import { cost, type BudgetRule } from "./cost.ts";

let natter: LayeredWeb;
afterEach(() => natter.close());

/** 100 tokens in, 50 out: 100 + 500 micro-dollars. */
const dear: ModelScript = () => [
  say("hello"),
  { end: { finishReason: "stop", usage: { inputTokens: 100, outputTokens: 50 } } },
];
const small = { settings: { maxOutputTokens: 50 } };

const mount = async (budgets: readonly BudgetRule[], script: ModelScript = dear) => {
  const model = createScriptedModel(script);
  natter = await createLayeredWeb({ model, middleware: [cost({ budgets })] });
  return model;
};

interface Quota {
  readonly quota: readonly Readonly<Record<string, unknown>>[];
}

const quota = async (token?: string): Promise<Quota["quota"]> =>
  ((await (await natter.ask("/v1/me", token === undefined ? {} : { token })).json()) as Quota).quota;

describe("N6 cost", () => {
  test("what is spent counts; a call that finds no room is refused with budget_exceeded before the model is asked", async () => {
    const model = await mount([{ period: "day", dollars: 0.001 }]);
    expect((await natter.say("hi", small)).text).toBe("hello");
    expect(await quota()).toMatchObject([
      { scope: "user", period: "day", limitMicros: 1_000, spentMicros: 600, remainingMicros: 400, limitTokens: null },
    ]);
    const { chunks, text } = await natter.say("hi", small);
    expect(text).toBe("");
    expect(chunks.at(-1)).toMatchObject({
      type: "error",
      errorText: expect.stringContaining("today's part of your budget"),
    });
    const whole = await natter.ask("/v1/chat", { body: { message: { text: "hi" }, stream: false, ...small } });
    expect(whole.status).toBe(402);
    expect(await whole.json()).toMatchObject({ code: "budget_exceeded", accepted: true });
    expect(model.calls).toHaveLength(1);
    expect(await quota()).toMatchObject([{ spentMicros: 600 }]);
  });

  test("S44 many at once are let in only while there is room for all of what they may say", async () => {
    const gate = Promise.withResolvers<void>();
    const model = await mount([{ tokens: 400 }], () => [{ wait: gate.promise }, ...dear({} as never, 1)]);
    const answers = Array.from({ length: 12 }, () => natter.say("hi", small));
    // 50 tokens are reserved for each, and a few for what it sends: no more than 7 fit
    await expect.poll(async () => (await quota())[0]?.["remainingTokens"], { timeout: 10_000 }).toBeLessThan(60);
    gate.resolve();
    const ends = (await Promise.all(answers)).map(({ chunks }) => chunks.at(-1)?.type);
    expect(model.calls.length).toBeLessThanOrEqual(7);
    expect(ends.filter((type) => type === "finish")).toHaveLength(model.calls.length);
    expect(ends.filter((type) => type === "error")).toHaveLength(12 - model.calls.length);
  });

  test("an unknown price is counted in tokens where a budget is in them", async () => {
    await mount([{ tokens: 1_000_000 }]);
    expect((await natter.say("hi", { ...small, model: "test/other" })).text).toBe("hello");
    expect(await quota()).toMatchObject([{ spentTokens: 150, spentMicros: 0 }]);
  });

  test("an unknown price is refused where a budget is in money", async () => {
    await mount([{ dollars: 100 }]);
    const { chunks } = await natter.say("hi", { ...small, model: "test/other" });
    expect(chunks.at(-1)).toMatchObject({ type: "error", errorText: expect.stringContaining("price of this model") });
  });

  test("a workspace's admins set budgets for each user, one user, a key or all; what was spent before counts", async () => {
    await mount([]);
    const workspace = "acme-workspace";
    const [admin, member] = await Promise.all([
      tokenFor({ subject: "admin", workspace, role: "admin" }),
      tokenFor({ subject: "member", workspace, role: "member" }),
    ]);
    const say = async (token: string) =>
      readStream(await natter.ask("/v1/chat", { token, body: { message: { text: "hi" }, ...small } }));
    await say(member);
    const put = (token: string, body: unknown) => natter.ask("/v1/budgets", { method: "PUT", token, body });
    expect((await put(member, { scope: "user", period: "day", limitTokens: 100 })).status).toBe(403);
    expect((await put(admin, { scope: "user", period: "day", limitTokens: 160 })).status).toBe(200);
    expect(await quota(member)).toMatchObject([{ scope: "user", spentTokens: 150, remainingTokens: 10 }]);
    expect((await say(member)).chunks.at(-1)).toMatchObject({ type: "error" });
    const me = (await (await natter.ask("/v1/me", { token: member })).json()) as { userId: string };
    await put(admin, { scope: "user", subject: me.userId, period: "day", limitTokens: 1_000 });
    expect((await say(member)).chunks.at(-1)).toMatchObject({ type: "finish" });
    const whole = (await (await put(admin, { scope: "workspace", period: "total", limitMicros: 1 })).json()) as {
      id: string;
    };
    expect((await say(member)).chunks.at(-1)).toMatchObject({ type: "error" });
    expect((await natter.ask(`/v1/budgets/${whole.id}`, { method: "DELETE", token: admin })).status).toBe(204);
    expect((await say(member)).chunks.at(-1)).toMatchObject({ type: "finish" });
    const list = (await (await natter.ask("/v1/budgets", { token: admin })).json()) as { data: unknown[] };
    expect(list.data).toHaveLength(2);
  });

  test("the ledger is grouped by day, model and user, page by page, for oneself or by an admin for all", async () => {
    await mount([]);
    const workspace = "acme-workspace";
    const tokens = await Promise.all(
      ["a", "b"].map((subject) => tokenFor({ subject, workspace, role: subject === "a" ? "owner" : "member" })),
    );
    for (const token of tokens)
      await readStream(await natter.ask("/v1/chat", { token, body: { message: { text: "hi" }, ...small } }));
    const [owner = "", member = ""] = tokens;
    const usage = async (token: string, query: string) =>
      (await (await natter.ask(`/v1/usage?${query}`, { token })).json()) as {
        data: object[];
        nextCursor: string | null;
      };
    expect((await usage(member, "group=model")).data).toEqual([
      { key: "test/model", inputTokens: 100, outputTokens: 50, costMicros: 600, calls: 1, unpricedCalls: 0 },
    ]);
    expect((await natter.ask("/v1/usage?scope=workspace", { token: member })).status).toBe(403);
    expect((await usage(owner, "scope=workspace&group=day")).data).toMatchObject([{ calls: 2, costMicros: 1_200 }]);
    const first = await usage(owner, "scope=workspace&group=user&limit=1");
    const second = await usage(owner, `scope=workspace&group=user&limit=1&cursor=${first.nextCursor}`);
    expect([first.data.length, second.data.length, second.nextCursor]).toEqual([1, 1, null]);
    expect(first.data).not.toEqual(second.data);
  });

  test("a rule that limits nothing is refused at start", async () => {
    await mount([]);
    expect(() => cost({ budgets: [{ for: "user" }] })).toThrow("cost(): budgets.0: must limit dollars or tokens");
  });
});
