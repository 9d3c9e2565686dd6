import { z } from "zod";
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
      metadata: z.object({ is_visually_hidden_from_conversation: z.boolean().optional() }).nullish(),
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

const textOf = ({ message }: Node): string => {
  if (message === null || message === undefined) return "";
  const { content_type: kind, parts = [], text = "" } = message.content;
  if (kind === "text" || kind === "multimodal_text")
    return parts.filter((part) => typeof part === "string").join("\n\n");
  return kind === "code" ? `\`\`\`\n${text}\n\`\`\`` : "";
};

const isShown = (node: Node): boolean => {
  const role = node.message?.author.role;
  const isHidden = node.message?.metadata?.is_visually_hidden_from_conversation === true;
  return (role === "user" || role === "assistant") && !isHidden && textOf(node).trim() !== "";
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

/** What was said, by whom, on all branches; what was hidden, tools and thoughts are left out and their children move up. */
export const fromChatgpt = (conversation: ChatgptConversation): Brought => {
  const createdAt = isoOf(conversation.create_time, new Date().toISOString());
  const standsFor = new Map<string, string | null>();
  const messages: Brought["messages"][number][] = [];
  for (const node of inOrder(Object.entries(conversation.mapping).map(([id, value]) => ({ ...value, id })))) {
    const parentId = standsFor.get(node.parent ?? "") ?? null;
    standsFor.set(node.id, isShown(node) ? node.id : parentId);
    if (!isShown(node)) continue;
    messages.push({
      id: node.id,
      parentId,
      role: node.message?.author.role === "user" ? "user" : "assistant",
      parts: [{ type: "text", text: textOf(node) }],
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
