import { useQuery } from "@tanstack/react-query";
import type { AdminKey } from "natter/client";
import { useDeed, type Deed } from "../../ui/page/use-deed.ts";
import { useNatter } from "../../shell/natter-context.ts";
import { ConfirmButton } from "../../ui/button/confirm-button.tsx";
import { QueryState } from "../../ui/page/query-state.tsx";
import { Refusal } from "../../ui/page/refusal.tsx";
import { consoleTexts } from "../console-texts.ts";
import { Time } from "../time/time.tsx";

interface KeyProps {
  readonly userId: string;
  readonly of: AdminKey;
  readonly deed: Deed;
}

const Key = ({ userId, of, deed }: KeyProps) => {
  const { admin } = useNatter();
  return (
    <li className="flex items-center gap-3 border-t border-line py-1.5 first:border-0">
      <span className="min-w-0 flex-1 text-13">
        <span dir="auto" className="block truncate">
          <b className="font-[550]">{of.name}</b> <code className="font-mono text-12 text-text-3">{of.prefix}…</code>
        </span>
        <span className="block text-12 text-text-3">
          {of.scopes.join(", ")} · used <Time at={of.lastUsedAt} />
        </span>
      </span>
      <ConfirmButton
        label={consoleTexts.revoke}
        question={consoleTexts.revokeWhat(of.name)}
        disabled={deed.isBusy}
        onConfirm={() => deed.act(() => admin.revokeKey(userId, of.id))}
      />
    </li>
  );
};

/** The keys that somebody has here: what they may do, and an end to them. */
export const UserKeys = ({ userId }: { readonly userId: string }) => {
  const { admin } = useNatter();
  const deed = useDeed("console");
  const query = useQuery({ queryKey: ["console", "keys", userId], queryFn: () => admin.keys(userId) });
  const keys = query.data?.data ?? [];
  return (
    <section>
      <h3 className="mb-1 font-semibold">{consoleTexts.keys}</h3>
      <QueryState of={query} />
      {query.data !== undefined && keys.length === 0 && <p className="text-13 text-text-2">{consoleTexts.noKeys}</p>}
      <ul>
        {keys.map((key) => (
          <Key key={key.id} {...{ userId, deed }} of={key} />
        ))}
      </ul>
      <Refusal error={deed.error} />
    </section>
  );
};
