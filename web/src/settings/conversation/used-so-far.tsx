import { useQuery } from "@tanstack/react-query";
import type { Completion } from "natter/client";
import { useNatter } from "../../shell/natter-context.ts";
import { formatCost, formatTokens } from "../../thread/answer/format-amounts.ts";
import { settingsTexts } from "./settings-texts.ts";

const listed = 100;

/** Tokens and cost of answers, and how many of them have a price that nobody knows. */
export const totalOf = (completions: readonly Completion[]) => {
  const used = completions.filter(({ usage }) => usage !== null);
  return {
    answers: used.length,
    tokens: used.reduce((sum, { usage }) => sum + (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0), 0),
    costMicros: used.reduce((sum, { costMicros }) => sum + (costMicros ?? 0), 0),
    unpriced: used.filter(({ costMicros }) => costMicros === null).length,
  };
};

/** What a conversation has used, all of its branches together. */
export const UsedSoFar = ({ conversationId }: { readonly conversationId: string }) => {
  const client = useNatter();
  const { data } = useQuery({
    queryKey: ["completions", conversationId],
    queryFn: () => client.completions.list(conversationId),
    staleTime: 0,
  });
  if (data === undefined) return null;
  const { answers, tokens, costMicros, unpriced } = totalOf(data.data);
  const isPriced = unpriced < answers;
  const facts = [formatTokens(tokens), ...(isPriced ? [formatCost(costMicros)] : []), settingsTexts.answers(answers)];
  return (
    <div className="rounded-small bg-sunken px-3 py-2 text-13 text-text-2 tabular-nums">
      <h3 className="text-12 font-[550] text-text-2">{settingsTexts.used}</h3>
      <p>{facts.join(" · ")}</p>
      {isPriced && unpriced > 0 && <p className="text-12">{settingsTexts.unpriced(unpriced)}</p>}
      {data.data.length >= listed && <p className="text-12">{settingsTexts.newestOnly(listed)}</p>}
    </div>
  );
};
