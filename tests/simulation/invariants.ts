import { readUIMessageStream } from "ai";
import sql from "sql-template-tag";
import { getMessage } from "../../src/conversations/messages.ts";
import { getCompletion } from "../../src/completions/read.ts";
import type { Chunk, Part } from "../../src/protocol/message/chunk.ts";
import { permitAll, readLog } from "../../src/testing/spine.ts";
import { findUnasked } from "./questions.ts";
import type { World } from "./world.ts";

/** AI SDK shows a step when something is in it. */
const withoutEmptyStep = (parts: readonly Part[]): readonly Part[] =>
  parts.at(-1)?.type === "step-start" ? parts.slice(0, -1) : parts;

const partsAsAiSdkReads = async (chunks: readonly Chunk[]): Promise<readonly Part[]> => {
  let parts: readonly Part[] = [];
  const stream = new ReadableStream<Chunk>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  for await (const message of readUIMessageStream({ stream, onError: () => {} })) parts = message.parts;
  return parts;
};

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : member,
  );

const isEnding = (chunk: Chunk | undefined): boolean => chunk?.type === "finish" || chunk?.type === "error";

const textsOf = (parts: readonly Part[]): string[] =>
  parts.flatMap((part) => (part.type === "text" ? [part.text] : []));

/** Throws with the name of the first invariant of completions/SPEC.md that does not hold. */
export const checkInvariants = async (world: World): Promise<void> => {
  const { spine, accepted, modelCalls, toolStarts } = world;
  const { database } = spine.context;
  const demand = (holds: boolean, invariant: string, found: unknown): void => {
    if (!holds) throw new Error(`${invariant}: ${canonical(found)}\n${world.gate.trace.join("\n")}`);
  };
  demand(new Set(toolStarts).size === toolStarts.length, "6 at most once", toolStarts);
  const unasked = await findUnasked(spine, world.allowedStarts);
  demand(unasked.length === 0, "11 asked means asked", unasked);
  demand(!modelCalls.some(({ isForbidden }) => isForbidden), "5 model done means done", modelCalls);
  for (const { completionId, conversationId, messageId } of accepted) {
    const completion = await getCompletion(database, spine.principal, completionId, permitAll);
    demand(["completed", "failed", "cancelled"].includes(completion.status), "3 terminal", completion);
    const message = await getMessage(database, spine.principal, { conversationId, messageId }, permitAll);
    const { chunks, ended } = await readLog(spine.log, completionId);
    demand(ended && isEnding(chunks.at(-1)), "9 the ending is last", chunks);
    demand(chunks.filter(isEnding).length === 1, "9 one ending", chunks);
    demand(
      canonical(withoutEmptyStep(await partsAsAiSdkReads(chunks))) === canonical(withoutEmptyStep(message.parts)),
      "9 a log folds to the stored message",
      { chunks, parts: message.parts },
    );

    const answers = modelCalls.filter((call) => call.completionId === completionId).map(({ answer }) => answer);
    const texts = textsOf(message.parts);
    for (const [index, text] of texts.entries()) {
      const isWhole = answers.includes(text);
      const mayBePartial = index === texts.length - 1 && completion.status !== "completed";
      demand(isWhole || (mayBePartial && answers.some((answer) => answer.startsWith(text))), "4 whole answers", {
        texts,
        answers,
      });
    }
    const usage = await database.query<{ step: number; fence: number; estimated: boolean }>(
      sql`select step, fence, estimated from usage where completion_id = ${completionId}`,
    );
    for (const { step, fence } of modelCalls.filter((call) => call.completionId === completionId)) {
      demand(
        usage.some((entry) => entry.step === step && entry.fence === fence),
        "7 every call is in the ledger",
        { step, fence, usage },
      );
    }
    const steps = await database.query<{ step: number; fence: number }>(
      sql`select step, fence from completion_step where completion_id = ${completionId}`,
    );
    for (const { step, fence } of steps) {
      demand(
        usage.some((entry) => entry.step === step && entry.fence === fence && !entry.estimated),
        "7 exact at model done",
        { steps, usage },
      );
    }
    if (completion.status === "completed")
      demand(steps.length === texts.length, "4 finished steps are kept", { steps, texts });
  }
  const sequences = await database.query<{ sequence: number; place: number }>(
    sql`select sequence, row_number() over (partition by conversation_id order by sequence) as place from message
      where workspace_id = ${spine.principal.workspaceId}`,
  );
  demand(
    sequences.every(({ sequence, place }) => sequence === place),
    "10 sequence",
    sequences,
  );
};
