import type { ModelLayerCall } from "../../protocol/agent/middleware.ts";
import type { ModelEnd, ModelEvent } from "../../protocol/agent/model.ts";
import type { MiddlewareServices } from "../services.ts";
import { isBroken } from "./ask-guard.ts";
import { checkByFunctions } from "./check-text.ts";
import type { RuleSet } from "./rules.ts";
import { actOn, type GuardPlace } from "./verdict.ts";

type Said = Extract<ModelEvent, { type: "text" | "reasoning" }>;

const isSaid = (event: ModelEvent): event is Said => event.type === "text" || event.type === "reasoning";

const flagEvent = (rule: string): ModelEvent => ({
  type: "part",
  part: { type: "data-natter-guardrail", data: { rule, action: "flag" } },
});

/** The same events with one text in place of the kind's. */
const withText = (events: readonly ModelEvent[], kind: Said["type"], text: string): ModelEvent[] => {
  const first = events.findIndex((event) => event.type === kind);
  return events.flatMap((event, index) => {
    if (event.type !== kind) return [event];
    return index === first ? [{ ...event, delta: text }] : [];
  });
};

/**
 * Holds an answer back until functions and models have judged the whole of it.
 * @throws NatterError `guardrail_blocked`: nothing of it was shown
 */
export const guardAnswer = async (
  services: MiddlewareServices,
  { place, rules }: { readonly place: GuardPlace; readonly rules: RuleSet },
  call: ModelLayerCall,
  next: (changes: { sink: ModelLayerCall["sink"] }) => Promise<ModelEnd>,
): Promise<ModelEnd> => {
  let events: ModelEvent[] = [];
  const end = await next({ sink: (batch) => void events.push(...batch) });
  for (const kind of ["reasoning", "text"] as const) {
    const text = events
      .filter(isSaid)
      .map((event) => (event.type === kind ? event.delta : ""))
      .join("");
    if (text === "") continue;
    const checked = await checkByFunctions(place, rules, text);
    const flags = [...checked.flags];
    for (const rule of rules.models) {
      if (await isBroken(services, call.completion, { rule, text: checked.text, signal: call.signal }))
        flags.push(...actOn(place, rules, [rule.name]));
    }
    if (checked.text !== text) events = withText(events, kind, checked.text);
    events.push(...flags.map(flagEvent));
  }
  call.signal.throwIfAborted();
  call.sink(events);
  return end;
};
