import { useQuery } from "@tanstack/react-query";
import type { Approval } from "natter/client";
import { useRef, useState } from "react";
import { useNatter } from "../../shell/natter-context.ts";
import { useMe } from "../../shell/use-me.ts";
import { wordsOf } from "../../thread/tools/tool-words.ts";
import { Button } from "../../ui/button/button.tsx";
import { QueryState } from "../../ui/page/query-state.tsx";
import { Refusal } from "../../ui/page/refusal.tsx";
import { useDeed } from "../../ui/page/use-deed.ts";
import { useAgents } from "../models/use-catalogue.ts";
import { settingsTexts } from "./settings-texts.ts";

const useFacts = (): ((allowed: Approval) => string) => {
  const agents = useAgents();
  const me = useMe();
  return ({ agent, userId, tool }) =>
    [
      tool,
      ...(agents.length > 1 ? [settingsTexts.allowedBy(agents.find(({ id }) => id === agent)?.name ?? agent)] : []),
      ...(userId === me?.userId ? [] : [settingsTexts.forOthers]),
    ].join(" · ");
};

/** What runs in a conversation without being asked for, because somebody said always; it can be asked for again. */
export const AlwaysAllowed = ({ conversationId }: { readonly conversationId: string }) => {
  const { questions } = useNatter();
  const section = useRef<HTMLElement>(null);
  const [changed, setChanged] = useState("");
  const deed = useDeed("always-allowed");
  const factsOf = useFacts();
  const query = useQuery({
    queryKey: ["always-allowed", conversationId],
    queryFn: () => questions.alwaysAllowed(conversationId),
    staleTime: 0,
  });
  const allowed = query.data?.approvals ?? [];
  const revoke = async ({ id, tool }: Approval): Promise<void> => {
    await questions.revoke(id);
    setChanged(settingsTexts.asksAgain(wordsOf(tool)));
    section.current?.focus();
  };
  if (query.error !== null) return <QueryState of={query} />;
  if (allowed.length === 0 && changed === "") return null;
  return (
    <section ref={section} tabIndex={-1} aria-label={settingsTexts.always} className="outline-none">
      <h3 className="mb-1 text-13 font-[550]">{settingsTexts.always}</h3>
      <ul>
        {allowed.map((approval) => (
          <li key={approval.id} className="flex min-h-11 items-center gap-3 border-t border-line first:border-t-0">
            <span className="min-w-0 flex-1 leading-tight">
              <span dir="auto" className="block truncate">
                {wordsOf(approval.tool)}
              </span>
              <small className="block truncate text-12 text-text-3">{factsOf(approval)}</small>
            </span>
            <Button
              aria-label={settingsTexts.askAgainWhat(wordsOf(approval.tool))}
              disabled={deed.isBusy}
              onClick={() => deed.act(() => revoke(approval))}
            >
              {settingsTexts.askAgain}
            </Button>
          </li>
        ))}
      </ul>
      <p role="status" className="text-13 text-pretty text-text-2">
        {changed}
      </p>
      <Refusal error={deed.error} />
    </section>
  );
};
