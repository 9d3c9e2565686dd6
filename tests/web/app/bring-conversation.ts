import { vi } from "vitest";
import { createId } from "../../../src/foundation/ids.ts";
import {
  exportVersion,
  type ExportedConversation,
  type ExportedMessage,
  type ImportItem,
  type ImportStatus,
} from "../../../src/protocol/transfer.ts";
import type { AppProcess } from "./app-process.ts";
import { asOwner } from "./artifact-setting.ts";

export interface BroughtMessage {
  readonly role: "user" | "assistant";
  readonly text: string;
}

interface Report extends ImportStatus {
  readonly items: readonly ImportItem[];
}

const linesOf = (title: string, messages: readonly BroughtMessage[]): string => {
  const exportedAt = new Date().toISOString();
  const ids = messages.map(() => createId());
  const conversation: ExportedConversation = {
    type: "conversation",
    id: createId(),
    title,
    status: "active",
    visibility: "private",
    agent: "default",
    model: null,
    settings: {},
    pinned: false,
    activeLeafId: ids.at(-1) ?? null,
    createdAt: exportedAt,
    updatedAt: exportedAt,
  };
  const told = messages.map(({ role, text }, index): ExportedMessage => ({
    type: "message",
    id: ids[index] ?? "",
    parentId: ids[index - 1] ?? null,
    role,
    parts: [{ type: "text", text }],
    metadata: null,
    createdAt: exportedAt,
    deletedAt: null,
    vote: null,
  }));
  const header = { type: "natter-export", version: exportVersion, exportedAt };
  const lines = [header, conversation, ...told, { type: "end", conversations: 1 }];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
};

/** A conversation of the owner's that nobody answered: brought in one request, since 2,000 take many seconds of processor time. */
export const bringConversation = async (
  app: AppProcess,
  title: string,
  messages: readonly BroughtMessage[],
): Promise<string> => {
  const { id } = await asOwner<ImportStatus>(app, "/v1/import", { text: linesOf(title, messages) });
  const report = await vi.waitUntil(
    async () => {
      const now = await asOwner<Report>(app, `/v1/import/${id}`);
      return now.finishedAt === null ? null : now;
    },
    { timeout: 60_000, interval: 100 },
  );
  const [item] = report.items;
  if (item?.conversationId == null || item.messages !== messages.length)
    throw new Error(`not all came along: ${JSON.stringify(report)}`);
  return item.conversationId;
};
