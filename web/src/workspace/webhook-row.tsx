import type { Webhook } from "natter/client";
import { useState } from "react";
import type { Deed } from "../ui/page/use-deed.ts";
import { useNatter } from "../shell/natter-context.ts";
import { Button } from "../ui/button/button.tsx";
import { ConfirmButton } from "../ui/button/confirm-button.tsx";
import { Toggle } from "../ui/form/toggle.tsx";
import { DeliveryList } from "./delivery-list.tsx";
import { webhookEvents } from "./webhook-events.ts";
import { workspaceTexts } from "./workspace-texts.ts";

const factsOf = ({ events, disabledBecause, failures }: Webhook): string =>
  [
    workspaceTexts.eventCount(events.length, webhookEvents.length),
    ...(disabledBecause === null ? [] : [workspaceTexts.disabled[disabledBecause]]),
    ...(failures === 0 ? [] : [workspaceTexts.failing(failures)]),
  ].join(" · ");

/** A webhook, how it does, and what was told. */
export const WebhookRow = ({ webhook, deed }: { readonly webhook: Webhook; readonly deed: Deed }) => {
  const { webhooks } = useNatter();
  const [isOpen, setIsOpen] = useState(false);
  const [isTested, setIsTested] = useState(false);
  const { id, url, enabled } = webhook;
  const test = async (): Promise<void> => {
    await webhooks.test(id);
    setIsTested(true);
    setIsOpen(true);
  };
  return (
    <li className="border-t border-line py-2 first:border-t-0">
      <Toggle
        label={url}
        description={factsOf(webhook)}
        isOn={enabled}
        onChange={(isOn) => deed.act(() => webhooks.change(id, { enabled: isOn }))}
      />
      <div className="-ms-3 flex flex-wrap items-center gap-1">
        <Button
          look="plain"
          aria-expanded={isOpen}
          aria-label={workspaceTexts.deliveriesOf(url)}
          onClick={() => setIsOpen(!isOpen)}
        >
          {workspaceTexts.deliveries}
        </Button>
        <Button
          look="plain"
          disabled={deed.isBusy}
          aria-label={workspaceTexts.testWhat(url)}
          onClick={() => deed.act(test)}
        >
          {workspaceTexts.test}
        </Button>
        <ConfirmButton
          label={workspaceTexts.remove}
          question={workspaceTexts.removeWebhook(url)}
          disabled={deed.isBusy}
          onConfirm={() => deed.act(() => webhooks.remove(id))}
        />
        <span role="status" className="text-13 text-text-3">
          {isTested && workspaceTexts.tested}
        </span>
      </div>
      {isOpen && <DeliveryList webhookId={id} />}
    </li>
  );
};
