import { z } from "zod";
import type { Part } from "../../protocol/message/chunk.ts";
import { assetScheme } from "./archive-files.ts";
import type { Brought } from "./brought.ts";

const nodeSchema = z.object({
  id: z.string(),
  parent: z.string().nullish(),
  message: z
    .object({
      author: z.object({ role: z.string() }),
      create_time: z.number().nullish(),
      content: z.object({
        content_type: z.string(),
        parts: z.array(z.unknown()).optional(),
        text: z.string().optional(),
      }),
      metadata: z
        .object({
          is_visually_hidden_from_conversation: z.boolean().optional(),
          attachments: z
            .array(
              z.object({ id: z.string().optional(), name: z.string().optional(), mime_type: z.string().nullish() }),
            )
            .nullish()
            .catch(null),
        })
        .nullish(),
    })
    .nullish(),
});

type Node = z.infer<typeof nodeSchema>;

/** A conversation in the `conversations.json` of a ChatGPT export. */
export const chatgptSchema = z.object({
  title: z.string().nullish(),
  create_time: z.number().nullish(),
  update_time: z.number().nullish(),
  mapping: z.record(z.string(), nodeSchema),
  current_node: z.string().nullish(),
  conversation_id: z.string().optional(),
  id: z.string().optional(),
});

type ChatgptConversation = z.infer<typeof chatgptSchema>;

const isoOf = (seconds: number | null | undefined, fallback: string): string =>
  seconds === null || seconds === undefined || !Number.isFinite(seconds)
    ? fallback
    : new Date(Math.min(Math.max(seconds, 0), 253_402_300_799) * 1_000).toISOString();

const pointerSchema = z.object({ asset_pointer: z.string() });

/** `file-abc` of `file-service://file-abc` and `sediment://file_abc`, with parts of a video as a fragment. */
const assetIdOf = (pointer: string): string => pointer.replace(/^[\w-]+:\/\//, "").replace(/[#?].*$/s, "");

const fileOf = (id: string, name: string | undefined, mediaType: string): Part => ({
  type: "file",
  url: `${assetScheme}${id}`,
  mediaType,
  ...(name === undefined ? {} : { filename: name }),
});

/** Pictures and sound that stand in the message, and what was attached to it. */
const filesOf = (message: NonNullable<Node["message"]>): Part[] => {
  const attached = new Map((message.metadata?.attachments ?? []).map((one) => [one.id ?? one.name ?? "file", one]));
  const shown = (message.content.parts ?? []).flatMap((part) => {
    const { data } = pointerSchema.safeParse(part);
    return data === undefined ? [] : [assetIdOf(data.asset_pointer)];
  });
  return [...new Set([...shown, ...attached.keys()])].map((id) => {
    const { name, mime_type: mediaType } = attached.get(id) ?? {};
    return fileOf(id, name, mediaType ?? "");
  });
};

const textOf = ({ content: { content_type: kind, parts = [], text = "" } }: NonNullable<Node["message"]>): string => {
  if (kind === "text" || kind === "multimodal_text")
    return parts.filter((part) => typeof part === "string").join("\n\n");
  return kind === "code" ? `\`\`\`\n${text}\n\`\`\`` : "";
};

/** What a message says and brings along; of tools only the pictures that they made. */
const partsOf = ({ message }: Node): Part[] => {
  const role = message?.author.role;
  if (message === null || message === undefined || message.metadata?.is_visually_hidden_from_conversation === true)
    return [];
  if (role === "tool") return message.content.content_type === "multimodal_text" ? filesOf(message) : [];
  if (role !== "user" && role !== "assistant") return [];
  const text = textOf(message);
  return [...(text.trim() === "" ? [] : [{ type: "text" as const, text }]), ...filesOf(message)];
};

/** Nodes from the roots downwards, each after its parent; a circle is left out. */
const inOrder = (nodes: readonly Node[]): Node[] => {
  const ids = new Set(nodes.map(({ id }) => id));
  const children = Map.groupBy(nodes, ({ parent }) => (ids.has(parent ?? "") ? (parent ?? null) : null));
  const ordered: Node[] = [];
  let level = children.get(null) ?? [];
  while (level.length > 0) {
    ordered.push(...level);
    level = level.flatMap(({ id }) => children.get(id) ?? []);
  }
  return ordered;
};

/** What was said, by whom, on all branches; pictures and files come along. What was hidden, tools and thoughts are left out, and their children move up. */
export const fromChatgpt = (conversation: ChatgptConversation): Brought => {
  const createdAt = isoOf(conversation.create_time, new Date().toISOString());
  const standsFor = new Map<string, string | null>();
  const messages: Brought["messages"][number][] = [];
  for (const node of inOrder(Object.entries(conversation.mapping).map(([id, value]) => ({ ...value, id })))) {
    const parentId = standsFor.get(node.parent ?? "") ?? null;
    const parts = partsOf(node);
    standsFor.set(node.id, parts.length > 0 ? node.id : parentId);
    if (parts.length === 0) continue;
    messages.push({
      id: node.id,
      parentId,
      role: node.message?.author.role === "user" ? "user" : "assistant",
      parts,
      metadata: null,
      createdAt: isoOf(node.message?.create_time, createdAt),
      deletedAt: null,
      vote: null,
    });
  }
  const id = conversation.conversation_id ?? conversation.id;
  return {
    conversation: {
      ...(id === undefined ? {} : { id }),
      title: conversation.title ?? null,
      activeLeafId: standsFor.get(conversation.current_node ?? "") ?? messages.at(-1)?.id ?? null,
      createdAt,
      updatedAt: isoOf(conversation.update_time, createdAt),
    },
    messages,
  };
};
