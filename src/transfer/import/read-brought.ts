import { z } from "zod";
import { NatterError } from "../../foundation/errors.ts";
import { exportHeaderSchema, exportLineSchema, type ExportedMessage } from "../../protocol/transfer.ts";
import type { Brought } from "./brought.ts";
import { chatgptSchema, fromChatgpt } from "./chatgpt.ts";
import { claudeSchema, fromClaude } from "./claude.ts";

/** A conversation of a file, or why it is none. */
export type BroughtOrFailure =
  | { readonly brought: Brought }
  | { readonly title: string | null; readonly failure: string };

const mostCharacters = 134_217_728;

const titled = z.object({ title: z.string().nullish(), name: z.string().nullish() });

const titleOf = (value: unknown): string | null => {
  const { data } = titled.safeParse(value);
  return (data?.title ?? data?.name ?? null)?.slice(0, 500) ?? null;
};

const fromForeign = (value: unknown): BroughtOrFailure => {
  const chatgpt = chatgptSchema.safeParse(value);
  if (chatgpt.success) return { brought: fromChatgpt(chatgpt.data) };
  const claude = claudeSchema.safeParse(value);
  if (claude.success) return { brought: fromClaude(claude.data) };
  const isClaude = typeof value === "object" && value !== null && "chat_messages" in value;
  const [issue] = (isClaude ? claude : chatgpt).error.issues;
  const place = issue === undefined ? "" : ` (${issue.path.join(".")}: ${issue.message})`;
  return {
    title: titleOf(value),
    failure: `This is no conversation of Natter, ChatGPT or Claude that can be read${place}.`.slice(0, 500),
  };
};

interface OpenConversation {
  readonly conversation: Brought["conversation"];
  readonly messages: ExportedMessage[];
  characters: number;
  failure: string | null;
}

const closed = ({ conversation, messages, failure }: OpenConversation): BroughtOrFailure =>
  failure === null ? { brought: { conversation, messages } } : { title: conversation.title, failure };

const takeMessage = (open: OpenConversation, message: ExportedMessage): void => {
  open.characters += JSON.stringify(message.parts).length;
  if (open.characters <= mostCharacters) return void open.messages.push(message);
  open.failure = "The conversation is larger than 128 MB.";
  open.messages.length = 0;
};

async function* readOwnLines(values: AsyncIterator<unknown>): AsyncGenerator<BroughtOrFailure> {
  let open: OpenConversation | null = null;
  for (;;) {
    const { done, value } = await values.next();
    if (done === true) break;
    const line = exportLineSchema.safeParse(value);
    if (line.success && line.data.type === "message") {
      if (open === null)
        throw new NatterError("unprocessable", "A message of the export stands before any conversation.");
      takeMessage(open, line.data);
      continue;
    }
    const isConversation =
      typeof value === "object" && value !== null && "type" in value && value.type === "conversation";
    if (line.success || isConversation) {
      if (open !== null) yield closed(open);
      const conversation = line.success && line.data.type === "conversation" ? line.data : { title: titleOf(value) };
      open = { conversation, messages: [], characters: 0, failure: null };
    }
    if (line.success) continue;
    const failure = `A line of it cannot be read: ${line.error.issues[0]?.path.join(".") ?? ""} ${line.error.issues[0]?.message ?? ""}`;
    if (open === null) yield { title: null, failure };
    else open.failure ??= failure;
  }
  if (open !== null) yield closed(open);
}

/**
 * The conversations of a file one by one, of our own export or of another's.
 * @throws NatterError `unprocessable` for an export of another version, or a file that cannot be read
 */
export async function* readBrought(values: AsyncIterable<unknown>): AsyncGenerator<BroughtOrFailure> {
  const each = values[Symbol.asyncIterator]();
  const first = await each.next();
  if (first.done === true) return;
  const value: unknown = first.value;
  const isOurs = typeof value === "object" && value !== null && "type" in value && value.type === "natter-export";
  if (isOurs) {
    if (!exportHeaderSchema.safeParse(value).success)
      throw new NatterError("unprocessable", "This export was made by a version of Natter that this one cannot read.");
    return yield* readOwnLines(each);
  }
  yield fromForeign(value);
  for (;;) {
    const { done, value: next } = await each.next();
    if (done === true) return;
    yield fromForeign(next);
  }
}
