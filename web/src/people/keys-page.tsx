import { useQuery } from "@tanstack/react-query";
import type { ApiKey, CreateKeyBody } from "natter/client";
import { useState } from "react";
import { useNatter } from "../shell/natter-context.ts";
import { useMe } from "../shell/use-me.ts";
import { ConfirmButton } from "../ui/button/confirm-button.tsx";
import { QueryState } from "../ui/page/query-state.tsx";
import { formatDate } from "../ui/format-date.ts";
import { KeyForm } from "./key-form.tsx";
import { PageSection } from "../ui/page/page-section.tsx";
import { Refusal } from "../ui/page/refusal.tsx";
import { ShownOnce } from "../ui/page/shown-once.tsx";
import { peopleTexts } from "./people-texts.ts";
import { useDeed } from "../ui/page/use-deed.ts";

const factsOf = ({ scopes, expiresAt, lastUsedAt }: ApiKey): string =>
  [
    scopes.map((scope) => peopleTexts.scopeLabels[scope]).join(", "),
    expiresAt === null ? peopleTexts.noExpiry : peopleTexts.until(formatDate(expiresAt)),
    lastUsedAt === null ? peopleTexts.neverUsed : peopleTexts.lastUsed(formatDate(lastUsedAt)),
  ].join(" · ");

interface KeyRowProps {
  readonly apiKey: ApiKey;
  readonly isBusy: boolean;
  readonly onRevoke: () => void;
}

const KeyRow = ({ apiKey, isBusy, onRevoke }: KeyRowProps) => (
  <li className="flex min-h-14 items-center gap-3 border-t border-line py-1.5 first:border-t-0">
    <span className="min-w-0 flex-1 leading-tight">
      <span className="flex items-baseline gap-2">
        <b dir="auto" className="min-w-0 truncate font-[550]">
          {apiKey.name}
        </b>
        <code className="shrink-0 font-mono text-12 text-text-3">{apiKey.prefix}…</code>
      </span>
      <small className="block text-12 text-text-3">{factsOf(apiKey)}</small>
    </span>
    <ConfirmButton
      label={peopleTexts.revoke}
      question={peopleTexts.revokeWhat(apiKey.name)}
      disabled={isBusy}
      onConfirm={onRevoke}
    />
  </li>
);

/** One's API keys in this workspace: makes them, shows each once, and revokes them. */
export const KeysPage = () => {
  const { keys } = useNatter();
  const me = useMe();
  const deed = useDeed("keys");
  const [secret, setSecret] = useState<string | null>(null);
  const known = useQuery({ queryKey: ["keys"], queryFn: () => keys.list() });
  const create = async (body: CreateKeyBody): Promise<void> => setSecret((await keys.create(body)).key);
  const all = known.data?.data ?? [];
  return (
    <>
      <p className="mb-2 text-13 text-pretty text-text-2">{peopleTexts.keysHint}</p>
      <QueryState of={known} />
      {known.isSuccess && all.length === 0 && <p className="text-text-3">{peopleTexts.noKeys}</p>}
      <ul>
        {all.map((key) => (
          <KeyRow key={key.id} apiKey={key} isBusy={deed.isBusy} onRevoke={() => deed.act(() => keys.revoke(key.id))} />
        ))}
      </ul>
      <Refusal error={deed.error} />
      <PageSection title={peopleTexts.newKey}>
        {secret === null ? (
          <KeyForm role={me?.role ?? "reader"} deed={deed} onCreate={create} />
        ) : (
          <ShownOnce
            label={peopleTexts.keyLabel}
            hint={peopleTexts.keyShownOnce}
            value={secret}
            onDone={() => setSecret(null)}
          />
        )}
      </PageSection>
    </>
  );
};
