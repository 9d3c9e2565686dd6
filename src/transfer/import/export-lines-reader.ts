import { NatterError } from "../../foundation/errors.ts";
import { exportLineSchema, type ExportedVersion, type ExportLine } from "../../protocol/transfer.ts";
import type { BroughtOrFailure } from "./brought.ts";
import { collectLines } from "./collected-lines.ts";
import { titleOf } from "./title-of.ts";

interface Unreadable {
  readonly type: "unreadable";
  readonly isConversation: boolean;
  readonly title: string | null;
  readonly failure: string;
}

type Line = ExportLine | Unreadable;

/** The lines of an export, the next of which can be looked at before it is taken. */
export interface ExportLines {
  peek(): Promise<Line | null>;
  take(): Promise<Line | null>;
}

const toLine = (value: unknown): Line => {
  const line = exportLineSchema.safeParse(value);
  if (line.success) return line.data;
  const [issue] = line.error.issues;
  const isConversation =
    typeof value === "object" && value !== null && "type" in value && value.type === "conversation";
  const failure = `A line of it cannot be read: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.slice(0, 500);
  return { type: "unreadable", isConversation, title: titleOf(value), failure };
};

/** Reads values as lines of an export. */
export const createLines = (values: AsyncIterator<unknown>): ExportLines => {
  let held: Promise<Line | null> | null = null;
  const next = async (): Promise<Line | null> => {
    const { done, value } = await values.next();
    return done === true ? null : toLine(value);
  };
  return {
    peek: () => (held ??= next()),
    take() {
      const line = held ?? next();
      held = null;
      return line;
    },
  };
};

const begins = (line: Line | null): boolean =>
  line === null ||
  line.type === "end" ||
  line.type === "conversation" ||
  (line.type === "unreadable" && line.isConversation);

async function* versionsOf(lines: ExportLines): AsyncGenerator<ExportedVersion> {
  for (;;) {
    if (begins(await lines.peek())) return;
    const line = await lines.take();
    if (line?.type === "artifact-version") yield line;
    else if (line?.type === "unreadable") throw new NatterError("unprocessable", line.failure);
    else throw new NatterError("unprocessable", "Its lines are not in the order of an export.");
  }
}

/** Lines are gone once they are read: a transaction that is run again would store what is left of them. */
const readOnce = <Item>(items: AsyncIterable<Item>): AsyncIterable<Item> => {
  let isBegun = false;
  return {
    [Symbol.asyncIterator]() {
      if (isBegun) throw new NatterError("unavailable", "This conversation has to be read again from its beginning.");
      isBegun = true;
      return items[Symbol.asyncIterator]();
    },
  };
};

/**
 * The next conversation of an export; null at its end. Its versions of artifacts are read from the same lines: whoever
 * does not want them calls `skipRest` before the next conversation.
 */
export const readConversation = async (lines: ExportLines): Promise<BroughtOrFailure | null> => {
  const first = await lines.take();
  if (first === null || first.type === "end") return null;
  if (first.type === "unreadable" && !first.isConversation) return first;
  if (first.type !== "conversation" && first.type !== "unreadable")
    throw new NatterError("unprocessable", "A line of the export stands before any conversation.");
  const collected = collectLines();
  if (first.type === "unreadable") collected.fail(first.failure);
  for (;;) {
    const line = await lines.peek();
    if (line === null || begins(line) || line.type === "artifact-version") break;
    if (line.type === "unreadable") collected.fail(line.failure);
    else if (line.type !== "conversation" && line.type !== "end") collected.add(line);
    await lines.take();
  }
  const { files: hashes, artifacts, messages } = collected;
  if (collected.failure !== null || first.type === "unreadable")
    return { title: first.title, failure: collected.failure ?? "It cannot be read." };
  return { brought: { conversation: first, messages, artifacts, hashes, versions: readOnce(versionsOf(lines)) } };
};

/** Passes over what is left of a conversation. */
export const skipRest = async (lines: ExportLines): Promise<void> => {
  while (!begins(await lines.peek())) await lines.take();
};
