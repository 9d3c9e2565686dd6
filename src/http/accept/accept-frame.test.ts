import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listMessages } from "../../conversations/messages.ts";
import { listConversations } from "../../conversations/read.ts";
import { NatterError } from "../../foundation/errors.ts";
import { silentLogger } from "../../foundation/logger.ts";
import { onion } from "../../middleware/onion.ts";
import type { AcceptLayers } from "../../middleware/pipeline.ts";
import type { Database } from "../../ports/database.ts";
import type { AcceptChanges, AcceptRequest } from "../../protocol/agent/middleware.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { createSpine, permitAll, type Spine } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { acceptAiSdkRequest } from "../ai-sdk/accept-body.ts";
import { SentenceError } from "../ai-sdk/sentence-error.ts";
import { acceptFrame } from "./accept-frame.ts";

const layersOf = (
  run: (request: AcceptRequest, next: (changes?: AcceptChanges) => Promise<void>) => Promise<void>,
): AcceptLayers => onion([{ name: "test", run }], (request, { texts }: AcceptChanges) => ({ ...request, texts }));

const frame = (...texts: readonly string[]) => ({
  id: "conversation-of-a-socket",
  trigger: "submit-message",
  messages: [
    {
      id: "message-of-a-socket",
      role: "user",
      parts: texts.map((text) => ({ type: "text", text })),
    },
  ],
});

describe("C4 a message that comes by a web socket of AI SDK", () => {
  let database: Database;
  let spine: Spine;
  beforeEach(async () => {
    database = await testDatabases[0]!.open();
    spine = await createSpine({ database, model: createScriptedModel(() => []) });
  });
  afterEach(async () => {
    await spine.close();
    await database.close();
  });

  const acceptWith = (accept: AcceptLayers, json: unknown) =>
    acceptFrame({ accept, logger: silentLogger }, spine.principal, json, (request) =>
      acceptAiSdkRequest(spine.context, spine.principal, request),
    );

  test("passes the layers, and is stored as they leave it", async () => {
    const accept = layersOf((request, next) => next({ texts: request.texts.map((text) => text.toUpperCase()) }));
    const { conversationId } = await acceptWith(accept, frame("one", "two"));
    const { data } = await listMessages(database, spine.principal, { conversationId, limit: 10 }, permitAll);
    expect(data[0]?.parts).toEqual([
      { type: "text", text: "ONE" },
      { type: "text", text: "TWO" },
    ]);
  });

  test("stays accepted whatever a layer throws afterwards", async () => {
    const accept = layersOf(async (_request, next) => {
      await next();
      throw new NatterError("rate_limited", "Too late.");
    });
    await expect(acceptWith(accept, frame("one"))).resolves.toMatchObject({ replayed: false });
    expect((await listConversations(database, spine.principal, { limit: 10 })).data).toHaveLength(1);
  });

  test.each<[string, AcceptLayers, string]>([
    ["refuses", layersOf(() => Promise.reject(new NatterError("rate_limited", "Later."))), "Later."],
    ["forgets to go on", layersOf(async () => {}), "neither let a message through nor refused it"],
    ["loses a text", layersOf((_request, next) => next({ texts: [] })), "another number of texts"],
  ])("is not stored when a layer %s, and that is told in a sentence", async (_what, accept, why) => {
    const refused = acceptWith(accept, frame("one"));
    await expect(refused).rejects.toThrow(why);
    await expect(refused).rejects.toBeInstanceOf(SentenceError);
    expect((await listConversations(database, spine.principal, { limit: 10 })).data).toEqual([]);
  });
});
