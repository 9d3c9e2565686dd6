import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../ports/database.ts";
import type { Chunk, Part } from "../../protocol/message/chunk.ts";
import { applyChunk, createFold } from "../../protocol/message/fold.ts";
import { createId } from "../../foundation/ids.ts";
import type { Accepted } from "../../conversations/sending/accept.ts";
import { answerParts, createHandWorker, type HandWorker } from "../../testing/hand-worker.ts";
import { readAsAiSdk } from "../../testing/providers/read-as-ai-sdk.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { recordEnd, type Outcome } from "../progress.ts";
import { replay } from "./replay.ts";

const fold = (chunks: readonly Chunk[]): Part[] => {
  const folded = createFold();
  for (const chunk of chunks) applyChunk(folded, chunk);
  return folded.parts;
};

const everything: Part[] = [
  { type: "step-start" },
  { type: "reasoning", id: "r", text: "let me see", state: "done", providerMetadata: { openai: { signature: "s" } } },
  { type: "text", text: "Adding \u2028 😀", state: "done" },
  { type: "tool-add", toolCallId: "call-1", state: "output-available", input: { a: 1 }, output: [1, null, "x"] },
  { type: "tool-add", toolCallId: "call-2", state: "output-error", input: { a: "x" }, errorText: "refused" },
  { type: "source-url", sourceId: "s", url: "https://example.org", title: "Example" },
  { type: "file", mediaType: "image/png", url: "data:image/png;base64,AA==" },
  { type: "data-natter-progress", id: "p", data: { ratio: 0.5 } },
  { type: "step-start" },
  { type: "text", text: "3", state: "done" },
];

describe.each(testDatabases)("N3 a completion told from its rows on $name", ({ open }) => {
  let database: Database;
  let worker: HandWorker;

  beforeAll(async () => {
    database = await open();
    worker = await createHandWorker({ database });
  });

  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const tell = async ({ workspaceId, completionId }: Accepted) => {
    const told = await replay(database, { workspaceId, completionId });
    if (told === null) throw new Error("nothing was told");
    return told;
  };

  it.each([
    ["finished", { event: "finish", finishReason: "length" }, [{ type: "finish", finishReason: "length" }]],
    ["stopped", { event: "stop" }, [{ type: "abort" }, { type: "finish", finishReason: "interrupted" }]],
    [
      "failed",
      { event: "fail", error: { code: "provider_busy", message: "The model is busy." } },
      [{ type: "error", errorText: "The model is busy." }],
    ],
  ] as const)("that has %s: start, what it holds, its ending", async (_what, outcome: Outcome, ending) => {
    const accepted = await worker.send("one");
    await recordEnd(database, await worker.claim(accepted), outcome, everything);
    const { start, chunks } = await tell(accepted);
    expect(start).toEqual({
      type: "start",
      messageId: accepted.messageId,
      messageMetadata: {
        conversationId: accepted.conversationId,
        completionId: accepted.completionId,
        userMessageId: accepted.userMessageId,
        sequence: accepted.sequence,
      },
    });
    expect(chunks[0]).toEqual(start);
    expect(chunks.slice(-ending.length)).toEqual(ending);
    expect(fold(chunks)).toEqual(everything);
    expect(JSON.parse(JSON.stringify(await readAsAiSdk(chunks)))).toEqual(everything);
  });

  it("that has not ended: only its start", async () => {
    const accepted = await worker.send("one");
    for (const prepare of [async () => {}, () => worker.claim(accepted)]) {
      await prepare();
      const { start, chunks, ending } = await tell(accepted);
      expect(chunks).toEqual([start]);
      expect(ending).toBeNull();
    }
  });

  it("says the same start in every status, as the claim says it", async () => {
    const accepted = await worker.send("one");
    const queued = await tell(accepted);
    const claim = await worker.claim(accepted);
    expect(claim.start).toEqual(queued.start);
    await worker.end(claim, "re one");
    const told = await tell(accepted);
    expect(told.start).toEqual(queued.start);
    expect(fold(told.chunks)).toEqual(answerParts("re one"));
  });

  it("that is not there: nothing", async () => {
    const { completionId } = await worker.send("one");
    expect(await replay(database, { workspaceId: createId(), completionId })).toBeNull();
    expect(
      await replay(database, { workspaceId: worker.spine.principal.workspaceId, completionId: "none" }),
    ).toBeNull();
  });
});
