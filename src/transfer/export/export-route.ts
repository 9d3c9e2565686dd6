import { z } from "zod";
import { authorize, permitOf } from "../../auth/authorize.ts";
import { accessOf } from "../../conversations/access.ts";
import type { HttpDependencies } from "../../http/dependencies.ts";
import { route, type Route } from "../../http/route.ts";
import { answerDownload } from "../../http/streams/answer-download.ts";
import { notFound } from "../../protocol/people/access.ts";
import { exportQuerySchema, type ExportFormat } from "../../protocol/transfer.ts";
import { findConversation } from "../../store/conversation/conversation-rows.ts";
import { exportMakers, ownConversations } from "./export-own.ts";

async function* only<Item>(item: Item): AsyncGenerator<Item> {
  yield item;
}

const formats = {
  zip: { contentType: "application/zip", fileName: "natter.zip" },
  jsonl: { contentType: "application/jsonl", fileName: "natter.jsonl" },
  markdown: { contentType: "text/markdown; charset=utf-8", fileName: "natter.md" },
} satisfies Record<ExportFormat, object>;

/** Takes out what the caller may see: all their own conversations, or one that they may read. */
export const exportRoute = (dependencies: HttpDependencies): Route =>
  route({
    method: "get",
    path: "/v1/export",
    summary: "Your conversations in this workspace, or one that you may read, as a file",
    tag: "Transfer",
    takes: ["download"],
    query: exportQuerySchema,
    answers: {
      200: {
        description: "JSON lines (the default) or a zip archive that POST /v1/import takes, or Markdown",
        schema: z.string(),
        contentType: "application/jsonl",
      },
    },
    handle: async (call) => {
      const { principal, query } = call;
      const { database, blobs } = dependencies.context;
      authorize(principal, "account", "workspace");
      const { conversationId: id, format = "jsonl" } = query;
      const one = id === undefined ? undefined : await findConversation(database, principal.workspaceId, id);
      if (id !== undefined && (one === undefined || one.temporary)) throw notFound("conversation");
      if (one !== undefined) permitOf(principal, "read")(accessOf(one));
      const source = { database, blobs, workspaceId: principal.workspaceId, viewerId: principal.userId };
      const conversations = one === undefined ? ownConversations(source) : only(one);
      const pieces = exportMakers[format](source, conversations);
      return answerDownload(call, { ...formats[format], pieces, conversationId: id });
    },
  });
