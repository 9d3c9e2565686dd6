import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NatterError } from "../../foundation/errors.ts";
import { isStorable } from "../../foundation/text-gate.ts";
import type { ModelCall, ModelDriver, ModelEnd, ModelEvent } from "../../protocol/agent/model.ts";
import { thinks } from "../../providers/exchange/stall-timer.ts";
import { readToolInput } from "../../providers/tool-calls.ts";
import { chatWire, type ProviderWire } from "../providers/provider-wire.ts";
import type { Answer } from "../providers/recorded-streams.ts";
import {
  createScriptedProvider,
  type ProviderScript,
  type ProviderStep,
  type ScriptedProvider,
} from "../providers/scripted-provider.ts";

export interface DriverUnderTest {
  readonly name: string;
  /** What the provider speaks. Default: Chat Completions. */
  readonly wire?: ProviderWire;
  create(options: { baseUrl: string; stallSeconds: number }): ModelDriver;
}

const callOf = (model: string): ModelCall => ({
  model,
  messages: [{ role: "user", content: "hello" }],
  tools: [{ name: "weather", inputSchema: { type: "object", properties: { city: { type: "string" } } } }],
  settings: {},
});

interface Heard {
  readonly events: readonly ModelEvent[];
  readonly batches: number;
  readonly outcome: ModelEnd | { thrown: unknown };
}

const listen = async (driver: ModelDriver, call: ModelCall, signal = new AbortController().signal): Promise<Heard> => {
  const batches: (readonly ModelEvent[])[] = [];
  const outcome = await driver
    .stream(call, signal, (events) => batches.push(events))
    .catch((thrown: unknown) => ({ thrown }));
  return { events: batches.flat(), batches: batches.length, outcome };
};

/** What was said, without what a provider tells of its answer beside it. */
const spoken = (events: readonly ModelEvent[]): ModelEvent[] => events.filter(({ type }) => type !== "part");

const errorOf = ({ outcome }: Heard): NatterError => {
  if (!("thrown" in outcome)) throw new Error("the call did not fail");
  if (outcome.thrown instanceof NatterError) return outcome.thrown;
  throw new Error("the call failed with no NatterError", { cause: outcome.thrown });
};

/** What was heard, in the form of what is expected: blocks joined, calls by what they ask. */
const answerOf = (heard: Heard): Answer => {
  const blocks = new Map<string, ["text" | "reasoning", string]>();
  const calls: [string, unknown][] = [];
  const inputs = new Map<string, string>();
  for (const event of heard.events) {
    if ("delta" in event) expect(isStorable(event.delta)).toBe(true);
    if (event.type === "text" || event.type === "reasoning") {
      const block = blocks.get(event.id) ?? [event.type, ""];
      blocks.set(event.id, [event.type, block[1] + event.delta]);
    }
    if (event.type === "tool-input") inputs.set(event.callId, (inputs.get(event.callId) ?? "") + event.delta);
    if (event.type === "tool-call") {
      const streamed = inputs.get(event.callId);
      if (streamed !== undefined) expect(readToolInput(streamed)).toEqual(event.input);
      calls.push([event.tool, event.input]);
    }
  }
  const ids = heard.events.flatMap((event) => (event.type === "tool-call" ? [event.callId] : []));
  expect(new Set(ids).size).toBe(ids.length);
  const metadata = heard.events.flatMap((event) =>
    "providerMetadata" in event && event.providerMetadata !== undefined ? [event.providerMetadata] : [],
  );
  const { outcome } = heard;
  const end = "thrown" in outcome ? errorOf(heard).code : outcome.finishReason;
  return {
    said: [...blocks.values()],
    ...(calls.length === 0 ? {} : { calls }),
    ...(metadata.length === 0 ? {} : { metadata }),
    end,
    ...("usage" in outcome && outcome.usage !== undefined ? { usage: outcome.usage } : {}),
  };
};

const split = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const at = [0, ...cuts.map((cut) => cut % bytes.length).toSorted((a, b) => a - b), bytes.length];
  return at
    .slice(1)
    .map((end, index) => bytes.subarray(at[index], end))
    .filter((piece) => piece.length > 0);
};

const statuses: readonly (readonly [status: number, body: unknown, code: string])[] = [
  [429, { error: { message: "slow down", type: "requests", code: "rate_limit_exceeded" } }, "provider_busy"],
  [
    429,
    { error: { message: "pay", type: "insufficient_quota", code: "insufficient_quota" } },
    "provider_misconfigured",
  ],
  [529, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, "provider_busy"],
  [503, "<html>unavailable</html>", "provider_busy"],
  [500, { error: { message: "oops", type: "server_error" } }, "provider_failed"],
  [504, "", "provider_timeout"],
  [
    401,
    { error: { message: "Incorrect API key: sk-1", type: "invalid_request_error", code: "invalid_api_key" } },
    "provider_misconfigured",
  ],
  [403, { error: { message: "no" } }, "provider_misconfigured"],
  [404, { error: { message: "no such model", code: "model_not_found" } }, "provider_misconfigured"],
  [400, { error: { message: "too long", code: "context_length_exceeded" } }, "provider_refused"],
  [400, { error: { message: "filtered", code: "content_filter" } }, "provider_refused"],
  [422, { detail: "?" }, "provider_refused"],
];

/** What a driver heard, without what need not be the same: metadata that a stream does not speak of. */
const comparable = (heard: Heard, expected: Answer): Answer => {
  const { metadata, ...answer } = answerOf(heard);
  return expected.metadata === undefined || metadata === undefined ? answer : { ...answer, metadata };
};

/** Holds every driver of a wire to the same answers to the same bytes, and to the contract of `ModelDriver`. */
export const describeModelDriver = ({ name, wire = chatWire, create }: DriverUnderTest): void => {
  const call = callOf(wire.model);
  const says = (...texts: readonly string[]): ProviderStep[] =>
    texts.map((text, index) => ({ bytes: (index === 0 ? wire.open : "") + wire.text(text) }));
  describe(`${name} as a model driver`, () => {
    let script: ProviderScript = () => [];
    let provider: ScriptedProvider;
    let driver: ModelDriver;
    beforeAll(async () => {
      provider = await createScriptedProvider((request) => script(request));
      driver = create({ baseUrl: provider.baseUrl, stallSeconds: 5 });
    });
    afterAll(() => provider.close());

    describe.each(wire.streams)("given $name", ({ bytes, answer }) => {
      test("answers the same, however the bytes are cut", async () => {
        const whole = Buffer.from(bytes);
        const everyByte = Array.from(whole.keys());
        for (const cuts of [[], everyByte]) {
          script = () => [...split(whole, cuts).map((piece) => ({ bytes: piece })), { end: true }];
          expect(comparable(await listen(driver, call), answer)).toEqual(answer);
        }
        await fc.assert(
          fc.asyncProperty(fc.array(fc.nat(100_000), { maxLength: 12 }), async (cuts) => {
            script = () => [...split(whole, cuts).map((piece) => ({ bytes: piece })), { end: true }];
            expect(comparable(await listen(driver, call), answer)).toEqual(answer);
          }),
          { numRuns: 20 },
        );
      });
    });

    test.each(statuses)(
      "D6 F23 tells status %i %j as %s, and nothing of what the provider said",
      async (status, body, code) => {
        script = () => [{ status, body, headers: { "retry-after": "7" } }];
        const error = errorOf(await listen(driver, call));
        expect([error.code, error.retryAfter]).toEqual([code, 7]);
        expect(error.message).not.toMatch(/sk-1|slow|pay|http|127\.0\.0\.1|no such/);
        expect(String(error.cause instanceof Error && error.cause.message)).toContain(String(status));
      },
    );

    test("D6 tells a provider that nobody serves as unreachable", async () => {
      const gone = await createScriptedProvider(() => []);
      await gone.close();
      const error = errorOf(await listen(create({ baseUrl: gone.baseUrl, stallSeconds: 5 }), call));
      expect(error.code).toBe("provider_unreachable");
      expect(error.message).not.toContain("127.0.0.1");
    });

    test.each(["fin", "rst"] as const)("F24 keeps what came before a connection was cut with %s", async (cut) => {
      let isHeard = (): void => {};
      const heard = new Promise<void>((resolve) => (isHeard = resolve));
      script = () => [...says("Hel"), { wait: heard }, { bytes: 'data: {"type":[{"delta"' }, { cut }];
      const events: ModelEvent[] = [];
      const failed = driver.stream(call, new AbortController().signal, (batch) => {
        events.push(...batch);
        isHeard();
      });
      await expect(failed).rejects.toMatchObject({ code: expect.stringMatching(/^provider_(unreachable|failed)$/) });
      expect(spoken(events)).toMatchObject([{ type: "text", delta: "Hel" }]);
    });

    test("F24 F16 gives up a provider that falls silent, and closes its connection", async () => {
      script = () => [...says("Hel"), { hang: true }];
      const aborts = provider.aborts;
      const heard = await listen(create({ baseUrl: provider.baseUrl, stallSeconds: 1 }), call);
      expect(errorOf(heard).code).toBe("provider_timeout");
      expect(spoken(heard.events)).toMatchObject([{ delta: "Hel" }]);
      await provider.aborted(aborts + 1);
    });

    test("F24 waits ten times as long for the first word of a model that reasons", async () => {
      script = () => [{ bytes: "" }, { delay: 500 }, ...says("Hello"), { hang: true }];
      const thinking = thinks(call.model) ? call : { ...call, model: "compatible/deepseek-r1" };
      const heard = await listen(create({ baseUrl: provider.baseUrl, stallSeconds: 0.2 }), thinking);
      expect(spoken(heard.events)).toMatchObject([{ type: "text", delta: "Hello" }]);
    });

    test.each([
      ["before it answers", [{ wait: new Promise(() => {}) }]],
      ["while it speaks", [...says("Hel"), { hang: true }]],
    ] as const)(
      "F16 B9 aborted %s, closes the connection, says no more and rejects with the reason",
      async (_when, steps) => {
        const controller = new AbortController();
        const reason = new Error("stop");
        script = () => steps;
        const [calls, aborts] = [provider.requests.length, provider.aborts];
        const heard = listen(driver, call, controller.signal);
        await provider.called(calls + 1);
        setTimeout(() => controller.abort(reason), 20);
        expect((await heard).outcome).toEqual({ thrown: reason });
        await provider.aborted(aborts + 1);
      },
    );

    test("aborted in the middle of a batch, hands over no further one", async () => {
      const controller = new AbortController();
      const texts: string[] = [];
      script = () =>
        says(...Array.from({ length: 200 }, (_, index) => `${index};`)).flatMap((step) => [step, { delay: 1 }]);
      const streamed = driver.stream(call, controller.signal, (events) => {
        texts.push(...events.map((event) => ("delta" in event ? event.delta : "")));
        controller.abort("enough");
      });
      await expect(streamed).rejects.toBe("enough");
      const { length } = texts;
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(texts).toHaveLength(length);
    });

    test("aborted before the call, calls nobody", async () => {
      const calls = provider.requests.length;
      expect((await listen(driver, call, AbortSignal.abort("never"))).outcome).toEqual({ thrown: "never" });
      expect(provider.requests).toHaveLength(calls);
    });

    test("rejects with what its sink throws, and closes the connection", async () => {
      const aborts = provider.aborts;
      const lost = new Error("the claim is lost");
      script = () => [...says("Hel"), { hang: true }];
      const streamed = driver.stream(call, new AbortController().signal, () => {
        throw lost;
      });
      await expect(streamed).rejects.toBe(lost);
      await provider.aborted(aborts + 1);
    });

    test("keeps the answers of 50 calls at once apart", async () => {
      script = ({ number }) => [
        ...says(...Array.from({ length: 20 }, (_, index) => `${number}.${index};`)),
        { bytes: wire.close },
        { end: true },
      ];
      const all = await Promise.all(Array.from({ length: 50 }, () => listen(driver, call)));
      const said = all.map((heard) => answerOf(heard).said[0]?.[1] ?? "");
      const first = provider.requests.length - 49;
      const expected = Array.from({ length: 50 }, (_, at) =>
        Array.from({ length: 20 }, (_unused, index) => `${first + at}.${index};`).join(""),
      );
      expect(said.toSorted()).toEqual(expected.toSorted());
    });
  });
};
