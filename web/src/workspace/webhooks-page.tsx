import { useQuery } from "@tanstack/react-query";
import type { CreateWebhookBody } from "natter/client";
import { useState } from "react";
import { PageSection } from "../ui/page/page-section.tsx";
import { Refusal } from "../ui/page/refusal.tsx";
import { ShownOnce } from "../ui/page/shown-once.tsx";
import { useDeed } from "../ui/page/use-deed.ts";
import { useNatter } from "../shell/natter-context.ts";
import { useMe } from "../shell/use-me.ts";
import { QueryState } from "../ui/page/query-state.tsx";
import { WebhookForm } from "./webhook-form.tsx";
import { WebhookRow } from "./webhook-row.tsx";
import { workspaceTexts } from "./workspace-texts.ts";

/** Whom a workspace tells of what happens in it. */
export const WebhooksPage = () => {
  const { webhooks } = useNatter();
  const me = useMe();
  const deed = useDeed("webhooks");
  const [secret, setSecret] = useState<string | null>(null);
  const mayChange = me?.role === "owner" || me?.role === "admin";
  const known = useQuery({ queryKey: ["webhooks"], enabled: mayChange, queryFn: () => webhooks.list() });
  const create = async (body: CreateWebhookBody): Promise<void> => setSecret((await webhooks.create(body)).secret);
  if (me !== undefined && !mayChange) return <p className="text-pretty text-text-2">{workspaceTexts.readOnly}</p>;
  return (
    <>
      <p className="mb-2 text-13 text-pretty text-text-2">{workspaceTexts.webhooksHint}</p>
      <QueryState of={known} />
      {known.data?.data.length === 0 && <p className="text-text-3">{workspaceTexts.noWebhooks}</p>}
      <ul>
        {known.data?.data.map((webhook) => (
          <WebhookRow key={webhook.id} webhook={webhook} deed={deed} />
        ))}
      </ul>
      <Refusal error={deed.error} />
      <PageSection title={workspaceTexts.newWebhook}>
        {secret === null ? (
          <WebhookForm isBusy={deed.isBusy} onCreate={(body) => deed.act(() => create(body))} />
        ) : (
          <ShownOnce
            label={workspaceTexts.secret}
            hint={workspaceTexts.secretHint}
            value={secret}
            onDone={() => setSecret(null)}
          />
        )}
      </PageSection>
    </>
  );
};
