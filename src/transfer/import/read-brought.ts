import { NatterError } from "../../foundation/errors.ts";
import { exportHeaderSchema } from "../../protocol/transfer.ts";
import type { BroughtOrFailure } from "./brought.ts";
import { chatgptSchema, fromChatgpt } from "./chatgpt.ts";
import { claudeSchema, fromClaude } from "./claude.ts";
import { createLines, readConversation, skipRest } from "./export-lines-reader.ts";
import { titleOf } from "./title-of.ts";

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

/** Of what version an export is by its header. @throws NatterError `unprocessable` for one that is not known here */
export const versionOf = (header: unknown): number => {
  const parsed = exportHeaderSchema.safeParse(header);
  if (parsed.success) return parsed.data.version;
  throw new NatterError("unprocessable", "This export was made by a version of Natter that this one cannot read.");
};

async function* readOwn(values: AsyncIterator<unknown>, version: number): AsyncGenerator<BroughtOrFailure> {
  const lines = createLines(values);
  let isEnded = false;
  for (;;) {
    isEnded ||= (await lines.peek())?.type === "end";
    const one = await readConversation(lines);
    if (one === null) break;
    yield one;
    await skipRest(lines);
  }
  if (version > 1 && !isEnded)
    throw new NatterError(
      "unprocessable",
      "The export is cut off; what stands before its end has been taken. Download it again.",
    );
}

/**
 * The conversations of a file one by one, of our own export or of another's.
 * @throws NatterError `unprocessable` for an export of another version, or a file that cannot be read
 */
export async function* readBrought(values: AsyncIterable<unknown>): AsyncGenerator<BroughtOrFailure> {
  const each = values[Symbol.asyncIterator]();
  try {
    const first = await each.next();
    if (first.done === true) return;
    const value: unknown = first.value;
    const isOurs = typeof value === "object" && value !== null && "type" in value && value.type === "natter-export";
    if (isOurs) return yield* readOwn(each, versionOf(value));
    yield fromForeign(value);
    for (;;) {
      const { done, value: next } = await each.next();
      if (done === true) return;
      yield fromForeign(next);
    }
  } finally {
    await each.return?.();
  }
}
