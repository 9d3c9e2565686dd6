import { describe, expect, test } from "vitest";
import { NatterError, type ErrorCode } from "../../foundation/errors.ts";
import type { ModelCall } from "../../protocol/agent/model.ts";
import { createScriptedModel, type ModelStep, say } from "../../testing/providers/scripted-model.ts";
import { createProviders } from "../registry.ts";
import { withFallback } from "./fallback.ts";

const call: ModelCall = { model: "first/model", messages: [], tools: [], settings: {} };
const never = new AbortController().signal;
const fails = (code: ErrorCode, text: string): ModelStep[] => [{ fail: new NatterError(code, text) }];

const ask = async (...scripts: (readonly ModelStep[])[]) => {
  const models = scripts.map((script) => createScriptedModel(() => [script]));
  const [first, ...others] = models;
  const driver = withFallback(first!, () =>
    others.map((each, index) => ({ model: `other/${index + 1}`, driver: each })),
  );
  const said: string[] = [];
  const end = await driver
    .stream(call, never, (events) => said.push(...events.map((event) => ("delta" in event ? event.delta : ""))))
    .catch((thrown: unknown) => thrown);
  return { end, said, asked: models.map(({ calls }) => calls.map(({ model }) => model)) };
};

describe("D6 a model with fallbacks", () => {
  test("answers itself while it can", async () => {
    const { end, asked } = await ask(say("a"), say("b"));
    expect(end).not.toHaveProperty("model");
    expect(asked).toEqual([["first/model"], []]);
  });

  test.each(["provider_busy", "provider_unreachable", "provider_failed", "provider_timeout"] as const)(
    "after %s the next one answers under its own id, and the end says so",
    async (code) => {
      const { end, said, asked } = await ask(fails(code, "one"), fails(code, "two"), say("c"));
      expect(end).toMatchObject({ finishReason: "stop", model: "other/2" });
      expect(said).toEqual(["c"]);
      expect(asked).toEqual([["first/model"], ["other/1"], ["other/2"]]);
    },
  );

  test.each(["provider_refused", "provider_misconfigured", "internal"] as const)(
    "after %s nobody else is asked",
    async (code) => {
      const { end, asked } = await ask(fails(code, "one"), say("b"));
      expect(end).toMatchObject({ code });
      expect(asked).toEqual([["first/model"], []]);
    },
  );

  test("a model that has begun to speak is not replaced", async () => {
    const { end, said, asked } = await ask([...say("half"), ...fails("provider_failed", "one")], say("b"));
    expect(end).toMatchObject({ code: "provider_failed" });
    expect(said).toEqual(["half"]);
    expect(asked).toEqual([["first/model"], []]);
  });

  test("when nobody can, the failure is the first one's", async () => {
    const { end } = await ask(fails("provider_busy", "one"), fails("provider_failed", "two"));
    expect(end).toMatchObject({ code: "provider_busy", message: "one" });
  });
});

describe("the fallback of a configured provider", () => {
  const configure = (fallback: readonly string[]) => ({
    providers: {
      shaky: { driver: createScriptedModel(() => [fails("provider_timeout", "too slow")]), fallback },
      steady: { driver: createScriptedModel(() => [say("steady")]), models: ["m"] },
    },
    aliases: { spare: "steady/m" },
    prices: {},
    allowsDemo: false,
    stallSeconds: 30,
  });

  test("is found by id or alias", async () => {
    const { driver } = createProviders(configure(["spare"]));
    expect(await driver("shaky/any").stream({ ...call, model: "shaky/any" }, never, () => {})).toMatchObject({
      model: "steady/m",
    });
  });

  test("has to be set up", () => {
    expect(() => createProviders(configure(["nobody/m"]))).toThrow('The fallback "nobody/m" belongs to no provider');
  });
});
