import type { ModelCall, ModelEnd, ModelEvent } from "../../protocol/agent/model.ts";
import type { Turn } from "../../protocol/agent/turn.ts";

/** What a model of the registry says, as it comes, and then how it ended. */
export type SaidByModel = { readonly event: ModelEvent } | { readonly end: ModelEnd };

export async function* streamCall(turn: Turn, call: ModelCall, signal: AbortSignal): AsyncGenerator<SaidByModel> {
  const heard: ModelEvent[] = [];
  let wake = Promise.withResolvers<null>();
  const ended = turn.kit.callModel(call, signal, (events) => {
    heard.push(...events);
    wake.resolve(null);
  });
  // whoever stops reading does not hear how it ends
  ended.catch(() => {});
  for (;;) {
    const end = await Promise.race([ended, wake.promise]);
    wake = Promise.withResolvers<null>();
    for (const event of heard.splice(0)) yield { event };
    if (end !== null) {
      yield { end };
      return;
    }
  }
}
