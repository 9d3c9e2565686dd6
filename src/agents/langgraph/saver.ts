import type { CheckpointTuple } from "@langchain/langgraph";
import type { CheckpointStore } from "../../protocol/agent/checkpoint.ts";
import { configOf, placeOf, readTuple, toRows, writeState, type Config } from "./checkpoint-tuples.ts";
import type { Langgraph } from "./load-langgraph.ts";

/** A checkpointer of LangGraph on the checkpoints of one completion. Its thread is the completion. */
export const createSaver = ({ BaseCheckpointSaver: Base }: Langgraph, store: CheckpointStore, threadId: string) => {
  class CompletionSaver extends Base {
    async getTuple(config: Config): Promise<CheckpointTuple | undefined> {
      const { namespace, id } = placeOf(config);
      const found = await store.find(namespace, id);
      return found === undefined ? undefined : readTuple(this.serde, store, threadId, found);
    }

    async *list(config: Config, options?: { limit?: number; before?: Config }): AsyncGenerator<CheckpointTuple> {
      const before = options?.before === undefined ? undefined : placeOf(options.before).id;
      const namespace = config.configurable?.["checkpoint_ns"] === undefined ? undefined : placeOf(config).namespace;
      const found = (await store.list(namespace)).filter(({ id }) => before === undefined || id < before);
      for (const checkpoint of found.slice(0, options?.limit)) yield readTuple(this.serde, store, threadId, checkpoint);
    }

    override async put(
      config: Config,
      checkpoint: CheckpointTuple["checkpoint"],
      metadata: NonNullable<CheckpointTuple["metadata"]>,
    ): Promise<Config> {
      const { namespace, id: parentId = null } = placeOf(config);
      const { format, text: state } = await writeState(this.serde, checkpoint);
      const { text: told } = await writeState(this.serde, metadata);
      await store.save({ namespace, id: checkpoint.id, parentId, format, state, metadata: told });
      return configOf(threadId, namespace, checkpoint.id);
    }

    async putWrites(config: Config, writes: [string, unknown][], taskId: string, taskPath = ""): Promise<void> {
      const { namespace, id = "" } = placeOf(config);
      await store.saveWrites(namespace, id, await toRows(this.serde, writes, { taskId, taskPath }));
    }

    deleteThread(): Promise<void> {
      return Promise.reject(new Error("checkpoints of a completion go with it"));
    }
  }
  return new CompletionSaver();
};
