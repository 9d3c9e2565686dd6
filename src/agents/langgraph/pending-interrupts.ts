import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { z } from "zod";

/** Marks interrupts of the agent's own tools: their question is asked by the tool. */
export const ownQuestion = "natterQuestion";

/** A graph that waits inside a task. LangGraph gives all interrupts of a task the same id; `number` tells them apart. */
export interface PendingInterrupt {
  readonly id: string;
  readonly number: number;
  readonly value: unknown;
  readonly isOwn: boolean;
}

const interruptSchema = z.object({ id: z.string(), value: z.unknown() });

const isOwn = (value: unknown): boolean => typeof value === "object" && value !== null && ownQuestion in value;

/** What the newest checkpoint waits for. */
export const pendingInterrupts = async (saver: BaseCheckpointSaver, threadId: string): Promise<PendingInterrupt[]> => {
  const tuple = await saver.getTuple({ configurable: { thread_id: threadId, checkpoint_ns: "" } });
  const writes = tuple?.pendingWrites ?? [];
  return writes.flatMap(([task, channel, value]) => {
    if (channel !== "__interrupt__") return [];
    const answers = writes.find(([of, name]) => of === task && name === "__resume__")?.[2];
    const number = Array.isArray(answers) ? answers.length : 0;
    const found: unknown[] = Array.isArray(value) ? value : [value];
    return found.flatMap((one): PendingInterrupt[] => {
      const { data } = interruptSchema.safeParse(one);
      return data === undefined ? [] : [{ id: data.id, number, value: data.value, isOwn: isOwn(data.value) }];
    });
  });
};
