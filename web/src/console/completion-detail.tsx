import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { AdminTimeline } from "natter/client";
import { useNatter } from "../shell/natter-context.ts";
import { Button } from "../ui/button.tsx";
import { formatNumber } from "../ui/format.ts";
import { messageOf } from "../ui/message-of.ts";
import { formatExactCost, formatSpan, formatTime } from "./amounts.ts";
import { ConsoleLink } from "./console-link.tsx";
import { consoleTexts } from "./console-texts.ts";
import { Facts } from "./facts.tsx";
import { StatusMark } from "./status-mark.tsx";
import { Timeline } from "./timeline.tsx";

const openStatuses: readonly string[] = ["queued", "running", "waiting"];
const openMs = 1_500;

const Actions = ({ completion }: { readonly completion: AdminTimeline }) => {
  const { admin } = useNatter();
  const queries = useQueryClient();
  const isOpen = openStatuses.includes(completion.status);
  const act = useMutation<unknown>({
    mutationFn: () => (isOpen ? admin.cancel(completion.id) : admin.retry(completion.id)),
    onSettled: () => queries.invalidateQueries({ queryKey: ["console"] }),
  });
  const isAsked = isOpen && completion.cancelRequestedAt !== null;
  return (
    <div className="my-4 flex flex-wrap items-center gap-3">
      <Button look={isOpen ? "danger" : "secondary"} disabled={act.isPending || isAsked} onClick={() => act.mutate()}>
        {isOpen ? consoleTexts.cancel : consoleTexts.retry}
      </Button>
      {completion.isReadable && <ConsoleLink to={`/c/${completion.conversationId}`}>{consoleTexts.open}</ConsoleLink>}
      {act.isError && (
        <p role="alert" className="text-danger">
          {messageOf(act.error)}
        </p>
      )}
      {act.isSuccess && !isOpen && completion.status !== "cancelled" && <p role="status">{consoleTexts.retried}</p>}
    </div>
  );
};

const figures = (completion: AdminTimeline) => ({
  Id: completion.id,
  Status: <StatusMark status={completion.status} />,
  User: completion.userName ?? completion.userId,
  Agent: completion.agent,
  Model: completion.model,
  Created: formatTime(completion.createdAt),
  Started: formatTime(completion.startedAt),
  Finished: formatTime(completion.finishedAt),
  Took: formatSpan(completion.startedAt, completion.finishedAt),
  Tokens: `${formatNumber(completion.inputTokens)} in, ${formatNumber(completion.outputTokens)} out`,
  Cost:
    completion.unpricedCalls === 0
      ? formatExactCost(completion.costMicros)
      : `${formatExactCost(completion.costMicros)} (${consoleTexts.unpriced(completion.unpricedCalls)})`,
  "Claims, crashes": `${completion.claims}, ${completion.crashes}`,
  ...(completion.error === null
    ? {}
    : { Error: [completion.error.code, completion.error.message].filter(Boolean).join(": ") }),
});

/** What happened to a completion, as it goes on, and what an admin can do about it. */
export const CompletionDetail = ({ id }: { readonly id: string }) => {
  const { admin } = useNatter();
  const { data, error } = useQuery({
    queryKey: ["console", "timeline", id],
    queryFn: () => admin.timeline(id),
    refetchInterval: ({ state }) =>
      state.data !== undefined && openStatuses.includes(state.data.status) ? openMs : false,
  });
  if (data === undefined) return <p role="status">{error === null ? `${consoleTexts.loading}…` : messageOf(error)}</p>;
  return (
    <>
      <Facts of={figures(data)} />
      <Actions completion={data} />
      {!data.isReadable && <p className="mb-4 text-13 text-text-3">{consoleTexts.hiddenHint}</p>}
      <Timeline of={data} />
    </>
  );
};
