import { z } from "zod";
import type { Queue } from "../ports/queue.ts";
import type { Signals, Unsubscribe } from "../ports/signals.ts";

const keyJson = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: String(error) });
    return z.NEVER;
  }
});
const keySchema = keyJson.pipe(z.object({ workspaceId: z.string(), completionId: z.string() }));

/**
 * A queue that is only wakes: which completions are due is asked of the completion table. `signals` stays its
 * owner's to close.
 */
export const createTableQueue = ({ signals, pollSeconds }: { signals: Signals; pollSeconds: number }): Queue => {
  const consumers = new Set<Unsubscribe>();
  return {
    push: ({ workspaceId, completionId }) => signals.publish("work", JSON.stringify({ workspaceId, completionId })),
    consume: async (wake) => {
      const wakeWith = (payload: string): void => wake(keySchema.safeParse(payload).data);
      const unsubscribe = await signals.subscribe("work", wakeWith);
      const timer = setInterval(() => wake(), pollSeconds * 1_000).unref();
      const stop = (): void => {
        clearInterval(timer);
        unsubscribe();
        consumers.delete(stop);
      };
      consumers.add(stop);
      wake();
      return stop;
    },
    close: async () => {
      for (const stop of consumers) stop();
    },
  };
};
