import { describe, expect, test } from "vitest";
import type { NatterError } from "../../foundation/errors.ts";
import { readChatBody } from "./read-chat-body.ts";
import { SentenceError } from "./sentence-error.ts";

const limits = { maxBytes: 1_048_576, timeoutMs: 300 };

const read = (body: ReadableStream | string, headers: Record<string, string> = {}): Promise<Buffer> => {
  const init: RequestInit & { duplex: "half" } = { method: "POST", headers, body, duplex: "half" };
  const request = new Request("http://natter.test/v1/chat", init);
  return readChatBody({ request, bindings: {}, requestId: "request-1", basePath: "", startedAt: 0 }, limits);
};

const refusal = (reading: Promise<Buffer>): Promise<NatterError> =>
  reading.then(
    () => Promise.reject(new Error("it was taken")),
    (thrown: NatterError) => thrown,
  );

/** A body in pieces: `head`, then `piece` so often, each after a pause. */
const dripping = (head: string, piece: string, count: number, pauseMs = 0): ReadableStream => {
  const encoder = new TextEncoder();
  let left = count;
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(head)),
    async pull(controller) {
      if (left === 0) return controller.close();
      left -= 1;
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      controller.enqueue(encoder.encode(piece));
    },
  });
};

describe("readChatBody", () => {
  test("S36 more than 128 MiB is told as a sentence, declared or not", async () => {
    const declared = await refusal(read("{}", { "content-length": "134217729" }));
    const piece = "x".repeat(1_048_576);
    const streamed = await refusal(read(dripping('{"messages":[{"a":"', piece, 129)));
    for (const thrown of [declared, streamed]) {
      expect(thrown).toBeInstanceOf(SentenceError);
      expect(thrown).toMatchObject({ code: "too_large", status: 413 });
    }
  });

  test("S36 a body without messages is over at 1 MiB, however much is declared", async () => {
    const thrown = await refusal(read(dripping('{"a":"', "x".repeat(65_536), 17)));
    expect(thrown).not.toBeInstanceOf(SentenceError);
    expect(thrown).toMatchObject({ code: "too_large" });
  });

  test("S36 a body that drips is refused, one that only is long is not", async () => {
    expect(await refusal(read(dripping('{"a":"', "x", 100, 20)))).toMatchObject({ code: "request_timeout" });
    const history = dripping('{"messages":[{"a":"', "x".repeat(131_072), 10, 50);
    expect(await refusal(read(history))).toMatchObject({ code: "invalid_json" });
  });

  test("S36 a compressed body is refused", async () => {
    expect(await refusal(read("{}", { "content-encoding": "gzip" }))).toMatchObject({ code: "unsupported_media_type" });
  });
});
