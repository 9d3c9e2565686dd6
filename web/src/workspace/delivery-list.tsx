import { useQuery } from "@tanstack/react-query";
import type { WebhookDelivery } from "natter/client";
import { formatMoment } from "../ui/format-date.ts";
import { Refusal } from "../ui/page/refusal.tsx";
import { useDeed } from "../ui/page/use-deed.ts";
import { useNatter } from "../shell/natter-context.ts";
import { Button } from "../ui/button/button.tsx";
import { formatNumber } from "../ui/format.ts";
import { QueryState } from "../ui/page/query-state.tsx";
import { workspaceTexts } from "./workspace-texts.ts";

const mostShown = 20;
const lookEveryMs = 2_000;

const factsOf = ({ status, answer, createdAt }: WebhookDelivery): string =>
  [
    workspaceTexts.deliveryStatus[status],
    ...(answer === null
      ? []
      : [
          workspaceTexts.answered(
            answer.status === null ? (answer.error ?? workspaceTexts.noAnswer) : String(answer.status),
            formatNumber(answer.milliseconds),
          ),
        ]),
    formatMoment(createdAt),
  ].join(" · ");

/** What a webhook was told last, and what it answered. */
export const DeliveryList = ({ webhookId }: { readonly webhookId: string }) => {
  const { webhooks } = useNatter();
  const deed = useDeed("deliveries", "webhooks");
  const known = useQuery({
    queryKey: ["deliveries", webhookId],
    queryFn: () => webhooks.deliveries(webhookId, { limit: mostShown }),
    refetchInterval: ({ state }) =>
      state.data?.data.some(({ status }) => status === "pending") === true ? lookEveryMs : false,
  });
  return (
    <div className="rounded-medium bg-sunken px-3 py-1 text-13">
      <QueryState of={known} />
      {known.data?.data.length === 0 && <p className="py-1.5 text-text-3">{workspaceTexts.noDeliveries}</p>}
      <ol>
        {known.data?.data.map((delivery) => (
          <li key={delivery.id} className="flex items-center gap-3 border-t border-line py-1.5 first:border-t-0">
            <span className="min-w-0 flex-1">
              <code className="font-mono text-12">{delivery.type}</code>
              <span className="block text-12 text-text-3 tabular-nums">{factsOf(delivery)}</span>
            </span>
            {delivery.status !== "pending" && (
              <Button
                look="plain"
                disabled={deed.isBusy}
                aria-label={workspaceTexts.redeliverWhat(delivery.type)}
                onClick={() => deed.act(() => webhooks.redeliver(webhookId, delivery.id))}
              >
                {workspaceTexts.redeliver}
              </Button>
            )}
          </li>
        ))}
      </ol>
      <Refusal error={deed.error} />
    </div>
  );
};
