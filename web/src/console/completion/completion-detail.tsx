import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { AdminCompletion, AdminTimeline } from "natter/client";
import { useNatter } from "../../shell/natter-context.ts";
import { Button } from "../../ui/button/button.tsx";
import { formatNumber } from "../../ui/format.ts";
import { messageOf } from "../../ui/message-of.ts";
import { ConsoleLink } from "../console-link.tsx";
import { consoleTexts } from "../console-texts.ts";
import { StatusMark } from "../status-mark.tsx";
import { Facts } from "../table/facts.tsx";
import { formatExactCost, formatSpan } from "../time/amounts.ts";
import { Time } from "../time/time.tsx";
import { Who } from "../who.tsx";
import { RawEvents } from "./raw-events.tsx";
import { Timeline } from "./timeline.tsx";

const openStatuses: readonly string[] = ["queued", "running", "waiting"];
const openMs = 1_500;

const useActions = (completion: AdminTimeline) => {
  const { admin } = useNatter();
  const queries = useQueryClient();
  const onSettled = (): Promise<void> => queries.invalidateQueries({ queryKey: ["console"] });
  const cancel = useMutation({ mutationFn: () => admin.cancel(completion.id), onSettled });
  const retry = useMutation({ mutationFn: () => admin.retry(completion.id), onSettled });
  return { cancel, retry };
};

const Actions = ({ completion }: { readonly completion: AdminTimeline }) => {
  const { cancel, retry } = useActions(completion);
  const isOpen = openStatuses.includes(completion.status);
  const error = cancel.error ?? retry.error;
  return (
    <div className="my-4 flex flex-wrap items-center gap-3">
      {isOpen ? (
        <Button
          look="danger"
          disabled={cancel.isPending || completion.cancelRequestedAt !== null}
          onClick={() => cancel.mutate()}
        >
          {consoleTexts.cancel}
        </Button>
      ) : (
        <Button title={consoleTexts.retryWhat} disabled={retry.isPending} onClick={() => retry.mutate()}>
          {consoleTexts.retry}
        </Button>
      )}
      {completion.isReadable && <ConsoleLink to={`/c/${completion.conversationId}`}>{consoleTexts.open}</ConsoleLink>}
      {error !== null && (
        <p role="alert" className="text-danger">
          {messageOf(error)}
        </p>
      )}
      {retry.data !== undefined && (
        <p role="status">
          {consoleTexts.retried}{" "}
          <ConsoleLink to={`/console/completions?row=${retry.data.completionId}`}>{consoleTexts.theNewOne}</ConsoleLink>
        </p>
      )}
    </div>
  );
};

const costOf = ({ costMicros, unpricedCalls }: AdminCompletion): string =>
  unpricedCalls === 0
    ? formatExactCost(costMicros)
    : `${formatExactCost(costMicros)} (${consoleTexts.unpriced(unpricedCalls)})`;

const figures = (completion: AdminTimeline) => ({
  Id: <code className="font-mono text-12">{completion.id}</code>,
  Status: <StatusMark status={completion.status} />,
  ...(completion.error === null
    ? {}
    : {
        Error: (
          <span className="text-danger">
            {[completion.error.code, completion.error.message].filter(Boolean).join(": ")}
          </span>
        ),
      }),
  User: (
    <ConsoleLink to={`/console/users?row=${encodeURIComponent(completion.userId)}`}>
      <Who id={completion.userId} name={completion.userName} />
    </ConsoleLink>
  ),
  Conversation: (
    <ConsoleLink to={`/console/conversations?row=${completion.conversationId}`}>
      {consoleTexts.theConversation}
    </ConsoleLink>
  ),
  Agent: completion.agent,
  Model: completion.model,
  Created: <Time at={completion.createdAt} />,
  Waited: formatSpan(completion.createdAt, completion.startedAt ?? completion.finishedAt),
  Took: formatSpan(completion.startedAt, completion.finishedAt),
  Tokens: `${formatNumber(completion.inputTokens)} in, ${formatNumber(completion.outputTokens)} out`,
  Cost: costOf(completion),
  "Claims, crashes": `${completion.claims}, ${completion.crashes}`,
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
      <RawEvents id={id} isOpen={openStatuses.includes(data.status)} />
    </>
  );
};
