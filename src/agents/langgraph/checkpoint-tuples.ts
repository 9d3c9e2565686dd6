import type { BaseCheckpointSaver, CheckpointTuple, LangGraphRunnableConfig } from "@langchain/langgraph";
import type { Checkpoint, CheckpointStore, CheckpointWrite } from "../../protocol/agent/checkpoint.ts";

export type Config = LangGraphRunnableConfig;
export type Serializer = BaseCheckpointSaver["serde"];

/** What LangGraph writes under an index of its own, again each time; it has no export for them. */
const reservedIndexes: Readonly<Record<string, number>> = {
  __error__: -1,
  __scheduled__: -2,
  __interrupt__: -3,
  __resume__: -4,
};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Which checkpoint a configuration names. */
export const placeOf = ({ configurable }: Config) => {
  const id = textOf(configurable?.["checkpoint_id"]);
  return { namespace: textOf(configurable?.["checkpoint_ns"]), id: id === "" ? undefined : id };
};

export const configOf = (threadId: string, namespace: string, id: string): Config => ({
  configurable: { thread_id: threadId, checkpoint_ns: namespace, checkpoint_id: id },
});

const bytesOf = (format: string, text: string): Buffer => Buffer.from(text, format === "json" ? "utf8" : "base64");

export const writeState = async (serde: Serializer, value: unknown): Promise<{ format: string; text: string }> => {
  const [format, bytes] = await serde.dumpsTyped(value);
  return { format, text: Buffer.from(bytes).toString(format === "json" ? "utf8" : "base64") };
};

/** A reserved channel may be written twice at once; the last time counts. */
const indexed = (writes: readonly (readonly [channel: string, value: unknown])[]) => [
  ...new Map(writes.map((write, at) => [reservedIndexes[write[0]] ?? at, write])),
];

export const toRows = (
  serde: Serializer,
  writes: readonly (readonly [channel: string, value: unknown])[],
  { taskId, taskPath }: Pick<CheckpointWrite, "taskId" | "taskPath">,
): Promise<CheckpointWrite[]> =>
  Promise.all(
    indexed(writes).map(async ([index, [channel, value]]): Promise<CheckpointWrite> => {
      const { format, text } = await writeState(serde, value);
      return { taskId, index, taskPath, channel, format, value: text };
    }),
  );

const readWrite = async (
  serde: Serializer,
  { taskId, channel, format, value }: CheckpointWrite,
): Promise<[string, string, unknown]> => [taskId, channel, await serde.loadsTyped(format, bytesOf(format, value))];

/** A checkpoint with the writes behind it, as LangGraph reads it. */
export const readTuple = async (
  serde: Serializer,
  store: CheckpointStore,
  threadId: string,
  { namespace, id, parentId, format, state, metadata }: Checkpoint,
): Promise<CheckpointTuple> => {
  const writes = await store.writesOf(namespace, id);
  return {
    config: configOf(threadId, namespace, id),
    checkpoint: await serde.loadsTyped(format, bytesOf(format, state)),
    metadata: await serde.loadsTyped("json", metadata),
    pendingWrites: await Promise.all(writes.map((write) => readWrite(serde, write))),
    ...(parentId === null ? {} : { parentConfig: configOf(threadId, namespace, parentId) }),
  };
};
