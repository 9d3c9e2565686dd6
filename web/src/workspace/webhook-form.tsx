import type { CreateWebhookBody, WebhookEventType } from "natter/client";
import { useState } from "react";
import { Button } from "../ui/button/button.tsx";
import { CheckList } from "../ui/form/check-list.tsx";
import { Field } from "../ui/form/field.tsx";
import { Toggle } from "../ui/form/toggle.tsx";
import { webhookEvents } from "./webhook-events.ts";
import { workspaceTexts } from "./workspace-texts.ts";

export interface WebhookFormProps {
  readonly isBusy: boolean;
  readonly onCreate: (body: CreateWebhookBody) => void;
}

const options = webhookEvents.map((value) => ({ value, label: value }));

/** Where a new webhook is, and what it is told. */
export const WebhookForm = ({ isBusy, onCreate }: WebhookFormProps) => {
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState<readonly WebhookEventType[] | null>(null);
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onCreate({ url: url.trim(), ...(events === null ? {} : { events }) });
      }}
    >
      <Field
        label={workspaceTexts.address}
        hint={workspaceTexts.addressHint}
        type="url"
        dir="ltr"
        required
        maxLength={2_000}
        placeholder="https://"
        value={url}
        onChange={({ target }) => setUrl(target.value)}
      />
      <Toggle
        label={workspaceTexts.allEvents}
        isOn={events === null}
        onChange={(isOn) => setEvents(isOn ? null : webhookEvents)}
      />
      {events !== null && (
        <CheckList label={workspaceTexts.events} options={options} chosen={events} onChange={setEvents} />
      )}
      <Button
        type="submit"
        look="primary"
        disabled={isBusy || url.trim() === "" || events?.length === 0}
        className="self-start"
      >
        {workspaceTexts.make}
      </Button>
    </form>
  );
};
