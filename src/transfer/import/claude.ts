import { z } from "zod";
import type { Part } from "../../protocol/message/chunk.ts";
import { assetScheme } from "./archive-files.ts";
import type { Brought } from "./brought.ts";

const messageSchema = z.object({
  uuid: z.string(),
  sender: z.string(),
  text: z.string().optional(),
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })).optional(),
  attachments: z
    .array(z.object({ file_name: z.string().optional(), extracted_content: z.string().optional() }))
    .optional(),
  files: z
    .array(z.object({ file_name: z.string().nullish() }))
    .nullish()
    .catch(null),
  parent_message_uuid: z.string().nullish(),
  created_at: z.string().optional(),
});

type ClaudeMessage = z.infer<typeof messageSchema>;

/** A conversation in the `conversations.json` of a Claude export. */
export const claudeSchema = z.object({
  uuid: z.string(),
  name: z.string().nullish(),
  created_at: z.string().optional(),
  updated_at: z.string().optional(),
  chat_messages: z.array(messageSchema),
});

type ClaudeConversation = z.infer<typeof claudeSchema>;

const isoOf = (text: string | undefined, fallback: string): string => {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? fallback : new Date(time).toISOString();
};

const textsOf = ({ text, content = [], attachments = [] }: ClaudeMessage): string[] => {
  const said = content.flatMap((part) => (part.type === "text" && part.text !== undefined ? [part.text] : []));
  const files = attachments.map(({ file_name: name = "file", extracted_content: inside = "" }) =>
    inside === "" ? "" : `${name}:\n\n${inside}`,
  );
  return [...(said.length > 0 ? said : [text ?? ""]), ...files].filter((one) => one.trim() !== "");
};

/** Files by their names; what was read of them as text stands in `attachments` already. */
const filesOf = ({ files, attachments = [] }: ClaudeMessage): Part[] => {
  const asText = new Set(attachments.map(({ file_name: name }) => name));
  return (files ?? []).flatMap(({ file_name: name }): Part[] => {
    const key = name ?? "";
    if (key === "" || asText.has(key)) return [];
    return [{ type: "file", url: `${assetScheme}${key}`, mediaType: "", filename: key }];
  });
};

/** What was said, in its order, or in the tree that newer exports tell. */
export const fromClaude = (conversation: ClaudeConversation): Brought => {
  const createdAt = isoOf(conversation.created_at, new Date().toISOString());
  const standsFor = new Map<string, string | null>();
  const messages: Brought["messages"][number][] = [];
  for (const message of conversation.chat_messages) {
    const before = messages.at(-1)?.id ?? null;
    const parent = message.parent_message_uuid ?? null;
    const parentId = parent === null ? before : (standsFor.get(parent) ?? null);
    const texts = textsOf(message).map((text) => ({ type: "text" as const, text }));
    const parts: Part[] = [...texts, ...filesOf(message)];
    standsFor.set(message.uuid, parts.length > 0 ? message.uuid : parentId);
    if (parts.length === 0) continue;
    messages.push({
      id: message.uuid,
      parentId,
      role: message.sender === "human" ? "user" : "assistant",
      parts,
      metadata: null,
      createdAt: isoOf(message.created_at, createdAt),
      deletedAt: null,
      vote: null,
    });
  }
  return {
    conversation: {
      id: conversation.uuid,
      title: conversation.name ?? null,
      activeLeafId: messages.at(-1)?.id ?? null,
      createdAt,
      updatedAt: isoOf(conversation.updated_at, createdAt),
    },
    messages,
  };
};
