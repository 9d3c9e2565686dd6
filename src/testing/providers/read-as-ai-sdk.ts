import { readUIMessageStream, type UIMessage } from "ai";
import { canonicalJson } from "../../foundation/canonical-json.ts";
import type { Chunk, Part } from "../../protocol/message/chunk.ts";

/** The parts that AI SDK's own reader makes of a stream. `onError` hears its complaints, and the errors that are told. */
export const readAsAiSdk = async (
  chunks: readonly Chunk[],
  onError: (error: unknown) => void = () => {},
): Promise<readonly Part[]> => {
  let message: UIMessage | undefined;
  const stream = new ReadableStream<Chunk>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  for await (const next of readUIMessageStream({ stream, onError })) message = next;
  return message?.parts ?? [];
};

/** AI SDK shows a step when something is in it. */
const withoutEmptyStep = (parts: readonly Part[]): readonly Part[] =>
  parts.at(-1)?.type === "step-start" ? parts.slice(0, -1) : parts;

/** As JSON tells them: what is undefined is not there. */
const told = (parts: readonly Part[]): string => canonicalJson(JSON.parse(JSON.stringify(withoutEmptyStep(parts))));

/** Whether two lists of parts show the same, one read by AI SDK and one stored. */
export const areSameParts = (left: readonly Part[], right: readonly Part[]): boolean => told(left) === told(right);
