import { describe, expect, test } from "vitest";
import type { ModelCall, ModelEvent } from "../../protocol/agent/model.ts";
import { createDemoDriver, demoModel } from "./demo.ts";
import type { Sleep } from "../guards/sleep.ts";

const tool = (name: string) => ({ name, inputSchema: { type: "object" } }) as const;

const asking = (text: string, more: Partial<ModelCall> = {}): ModelCall => ({
  model: "natter/demo",
  messages: [{ role: "user", content: text }],
  tools: [tool("currentTime"), tool("add")],
  settings: {},
  ...more,
});

const instantly: Sleep = async (_milliseconds, signal) => signal.throwIfAborted();

const listen = async (call: ModelCall, options: { pace?: number; sleep?: Sleep; signal?: AbortSignal } = {}) => {
  const batches: (readonly ModelEvent[])[] = [];
  const { pace = 0, sleep = instantly, signal = new AbortController().signal } = options;
  const outcome = await createDemoDriver({ pace, sleep })
    .stream(call, signal, (events) => batches.push(events))
    .catch((thrown: unknown) => ({ thrown }));
  const events = batches.flat();
  const join = (type: "text" | "reasoning") => events.map((event) => (event.type === type ? event.delta : "")).join("");
  return { batches, events, outcome, text: join("text"), reasoning: join("reasoning") };
};

describe("N9 the demo model", () => {
  test("says that it is no AI, in its name and in its answers", async () => {
    expect(demoModel.name).toContain("not an AI");
    for (const text of ["hello there", "/help", "reason"])
      expect((await listen(asking(text))).text).toMatch(/not an AI/);
  });

  test("answers the same each time, in Markdown, with what was said", async () => {
    const first = await listen(asking("hello there\nfriend"));
    expect(first.text).toContain("> hello there\n> friend");
    expect(first.text).toContain("**3 words**");
    expect(await listen(asking("hello there\nfriend"))).toEqual(first);
  });

  test("C8 says which files it was given, and how large they are", async () => {
    const image = { type: "file" as const, mediaType: "image/png", filename: "a`b.png", data: new Uint8Array(25_000) };
    const { text } = await listen(asking("", { messages: [{ role: "user", content: [image] }] }));
    expect(text).toContain("You attached:\n\n- `a'b.png` (image/png, 25 kB)");
    const { filename: _name, ...rest } = image;
    const unnamed = { ...rest, data: "data:image/png;base64,aGVsbG8=" };
    const two = await listen(
      asking("", { messages: [{ role: "user", content: [unnamed, { type: "text", text: "look" }] }] }),
    );
    expect(two.text).toContain("- `a file` (image/png, 5 bytes)");
    expect((await listen(asking("look"))).text).not.toContain("attached");
  });

  test("lists exactly the words that it knows, and each of them works", async () => {
    const { text } = await listen(asking("/help"));
    const words = [...text.matchAll(/^- `([^\s`]+)/gm)].map(([, word]) => word);
    expect(words).toEqual([
      "/help",
      "reason",
      "layout",
      "slow",
      "long",
      "fail",
      "hang",
      "time",
      "add",
      "map",
      "artifact",
      "approve",
      "ask",
      "background",
      "remind",
      "window",
      "tools",
    ]);
    for (const word of words) {
      const controller = new AbortController();
      if (word === "hang") setTimeout(() => controller.abort(), 5);
      expect((await listen(asking(String(word)), { signal: controller.signal })).text).not.toContain("You wrote");
    }
    expect((await listen(asking("toString"))).text).toContain("You wrote");
  });

  test("reasons before it answers", async () => {
    const { events, reasoning } = await listen(asking("reason"));
    expect(reasoning).toContain("recite");
    expect(events.findLastIndex(({ type }) => type === "reasoning")).toBeLessThan(
      events.findIndex(({ type }) => type === "text"),
    );
  });

  test("says as many tokens as it is told to, counts them, and stops at maxOutputTokens", async () => {
    const { text, outcome, batches } = await listen(asking("long 1000"));
    expect(text.trim().split(" ")).toHaveLength(1000);
    expect(outcome).toMatchObject({ finishReason: "stop", usage: { outputTokens: 1000 } });
    expect(batches.length).toBeLessThan(20);
    const cut = await listen(asking("long 1000", { settings: { maxOutputTokens: 100 } }));
    expect(cut.text.trim().split(" ")).toHaveLength(100);
    expect(cut.outcome).toMatchObject({ finishReason: "length", usage: { outputTokens: 100 } });
  });

  test("waits before each word, as long as it is told to", async () => {
    const waits = new Set<number>();
    const sleep: Sleep = async (milliseconds) => void waits.add(milliseconds);
    const slow = await listen(asking("slow 700"), { sleep });
    expect([...waits]).toEqual([700]);
    expect(slow.batches.length).toBe(slow.text.split(" ").length);
    await listen(asking("hello"), { sleep, pace: 15 });
    expect([...waits]).toEqual([700, 15]);
  });

  test("fails as a provider does, at once or after some words", async () => {
    expect(await listen(asking("fail"))).toMatchObject({
      outcome: { thrown: { code: "provider_failed" } },
      events: [],
    });
    expect(await listen(asking("fail 3"))).toMatchObject({
      outcome: { thrown: { code: "provider_failed" } },
      text: "1 2 3 ",
    });
  });

  test("F16 hangs until it is aborted, and rejects with the reason", async () => {
    const controller = new AbortController();
    const heard = listen(asking("hang"), { signal: controller.signal });
    setTimeout(() => controller.abort("stop"), 10);
    expect(await heard).toMatchObject({ outcome: { thrown: "stop" }, text: expect.stringContaining("wait") });
    expect(await listen(asking("hello"), { signal: AbortSignal.abort("before") })).toMatchObject({
      outcome: { thrown: "before" },
      events: [],
    });
  });

  test("asks the agent's tools, and tells what they said", async () => {
    const asked = await listen(asking("add 2 3"));
    expect(asked.events.at(-1)).toEqual({ type: "tool-call", callId: "demo_0_1", tool: "add", input: { a: 2, b: 3 } });
    expect(asked.outcome).toMatchObject({ finishReason: "tool-calls" });
    const call = { type: "tool-call", toolCallId: "demo_0_1", toolName: "add", input: { a: 2, b: 3 } } as const;
    const result = {
      type: "tool-result",
      toolCallId: "demo_0_1",
      toolName: "add",
      output: { type: "json", value: 5 },
    } as const;
    const told = await listen(
      asking("", {
        messages: [
          { role: "user", content: "add 2 3" },
          { role: "assistant", content: [call] },
          { role: "tool", content: [result] },
        ],
      }),
    );
    expect(told.text).toBe("`add` says: **5**");
    expect(told.outcome).toMatchObject({ finishReason: "stop" });
  });

  test("asks several tools at once, each under an id of its own", async () => {
    const { events, outcome } = await listen(asking("tools"));
    const calls = events.flatMap((event) => (event.type === "tool-call" ? [event] : []));
    expect(calls.map(({ tool: name }) => name)).toEqual(["currentTime", "add", "add"]);
    expect(new Set(calls.map(({ callId }) => callId)).size).toBe(3);
    expect(outcome).toMatchObject({ finishReason: "tool-calls" });
    expect((await listen(asking("tools", { tools: [] }))).text).toContain("none of the tools");
  });

  test("N9 asks for an approval, once or several times at once, asks the person, and starts a background tool", async () => {
    const tools = ["rollDice", "askPerson", "timer"].map((name) => ({
      name,
      inputSchema: { type: "object" } as const,
    }));
    const callsOf = async (text: string): Promise<unknown[]> =>
      (await listen(asking(text, { tools }))).events.flatMap((event) =>
        event.type === "tool-call" ? [[event.tool, event.input]] : [],
      );
    expect(await callsOf("approve")).toEqual([["rollDice", { dice: 3, sides: 6 }]]);
    expect(await callsOf("approve 2")).toHaveLength(2);
    expect(await callsOf("approve 0")).toHaveLength(1);
    expect(await callsOf("ask")).toMatchObject([["askPerson", { question: expect.any(String) }]]);
    expect(await callsOf("background 30")).toEqual([["timer", { seconds: 30, steps: 3 }]]);
    expect((await listen(asking("approve", { tools: [] }))).text).toContain("no tool `rollDice`");
  });

  test("says so when the agent does not offer the tool", async () => {
    const { text, outcome } = await listen(asking("time", { tools: [] }));
    expect(text).toContain("no tool `currentTime`");
    expect(outcome).toMatchObject({ finishReason: "stop" });
  });
});
