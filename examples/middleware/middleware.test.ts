import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mountNatter, type MountedNatter } from "../../src/testing/servers/mounted-natter.ts";
import { createScriptedModel, say } from "../../src/testing/providers/scripted-model.ts";
import config from "./natter.config.ts";
import { quietHours } from "./quiet-hours.ts";

/** Says what the last message asks it to say, letter by letter. */
const model = createScriptedModel(({ messages }) => {
  const text = JSON.stringify(messages.at(-1)?.content);
  return [say(...(/say (.*?)(?:"|$)/.exec(text)?.[1]?.split("") ?? ["hello"]))];
});

describe("C4 the example of middleware", { timeout: 120_000 }, () => {
  const lines: string[] = [];
  const note = (fields: object, message: string): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const awake = quietHours({ from: 2, to: 3, now: () => new Date("2026-01-01T12:00:00Z") });
  let natter: MountedNatter;

  beforeAll(async () => {
    natter = await mountNatter({
      ...config,
      model,
      middleware: (config.middleware ?? []).map((each) => (each.name === "quietHours" ? awake : each)),
      logger: { debug: () => {}, info: note, warn: note, error: note },
    });
  }, 120_000);
  afterAll(() => natter.close());

  test("cards are redacted on the way in and on the way out, and promises are blocked while they stream", async () => {
    expect((await natter.say("say my card is 4111 1111 1111 1111 ok")).text).toBe("my card is [card] ok");
    const { text, chunks } = await natter.say("say of course we will refund you");
    expect(text).toBe("of course ");
    expect(chunks.at(-1)).toEqual({ type: "error", errorText: "Only people promise refunds." });
  });

  test("the house style is told, the second answer comes from the cache, and the log has a line for each", async () => {
    await natter.say("say tea");
    const calls = model.calls.length;
    expect(model.calls.at(-1)?.instructions).toContain("Answer in one paragraph.");
    expect((await natter.say("say tea")).text).toBe("tea");
    expect(model.calls).toHaveLength(calls);
    expect(lines.filter((line) => line.startsWith("a model call ")).at(-1)).toContain('"cached":true');
    expect(lines.join("\n")).not.toContain("say tea");
    for (const what of ["a request to accept ", "a completion ", "a model call "])
      expect(lines.filter((line) => line.startsWith(what)).length).toBeGreaterThanOrEqual(4);
  });

  test("budget and rate limit are told, and hold", async () => {
    const me = (await (await natter.ask("/v1/me")).json()) as { quota: { limitMicros: number }[] };
    expect(me.quota).toMatchObject([{ scope: "user", period: "day", limitMicros: 1_000_000 }]);
    const sendOne = async () =>
      (await natter.ask("/v1/chat", { body: { message: { text: "say tea" }, stream: false } })).status;
    const statuses = await Promise.all(Array.from({ length: 12 }, sendOne));
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
  });

  test("nothing is accepted at night", async () => {
    const asleep = await mountNatter({
      model,
      middleware: [quietHours({ from: 22, to: 6, now: () => new Date("2026-01-01T23:00:00Z") })],
    });
    const response = await asleep.ask("/v1/chat", { body: { message: { text: "hello" } } });
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "3600"]);
    await asleep.close();
  });
});
