import { afterEach, describe, expect, test } from "vitest";
import { createLayeredWeb, type LayeredWeb } from "../../testing/servers/layered-web.ts";
import { createScriptedModel, say, type ModelScript } from "../../testing/providers/scripted-model.ts";
import { log, type LogOptions } from "./log.ts";

interface Line {
  readonly message: string;
  readonly [field: string]: unknown;
}

let natter: LayeredWeb;
afterEach(() => natter.close());

const mount = async (options: LogOptions, script: ModelScript) => {
  const lines: Line[] = [];
  const note = (fields: object, message: string): void => void lines.push({ ...fields, message });
  natter = await createLayeredWeb({
    model: createScriptedModel(script),
    middleware: [log(options)],
    logger: { debug: () => {}, info: note, warn: () => {}, error: () => {} },
  });
  return (message: string) => lines.filter((line) => line.message === message);
};

describe("C4 log", () => {
  test("has one line for a message, a completion and a model call, with times, tokens and cost, and no words", async () => {
    const linesOf = await mount({}, () => [say("secret answer")]);
    await natter.say("secret question");
    await expect.poll(() => linesOf("a completion")).toHaveLength(1);
    const ids = { completionId: expect.any(String), userId: expect.any(String), workspaceId: expect.any(String) };
    expect(linesOf("a request to accept")).toEqual([
      expect.objectContaining({ route: "POST /v1/chat", ms: expect.any(Number), requestId: expect.any(String) }),
    ]);
    expect(linesOf("a model call")).toEqual([
      expect.objectContaining({
        ...ids,
        step: 1,
        inputTokens: 10,
        outputTokens: 1,
        costMicros: 20,
        ms: expect.any(Number),
      }),
    ]);
    expect(linesOf("a completion")).toEqual([
      expect.objectContaining({ ...ids, status: "completed", finishReason: "stop", model: "test/model" }),
    ]);
    expect(JSON.stringify(linesOf("a model call"))).not.toContain("secret");
  });

  test("has the words when that is asked for, and says what failed", async () => {
    const linesOf = await mount({ contents: true }, (_call, number) =>
      number === 1 ? [say("the ", "answer")] : [{ fail: new Error("no") }],
    );
    await natter.say("the question");
    await expect.poll(() => linesOf("a model call")).toHaveLength(1);
    expect(linesOf("a model call")[0]).toMatchObject({ said: "the answer" });
    expect(linesOf("a request to accept")[0]).toMatchObject({ texts: ["the question"] });
    await natter.say("again");
    await expect.poll(() => linesOf("a completion failed")).toMatchObject([{ code: "internal" }]);
  });
});
