import { Bot } from "lucide-react";
import { Suspense, useState } from "react";
import { lazyPart } from "../../ui/lazy-part.ts";
import { messageOf } from "../../ui/message-of.ts";
import { notify } from "../../ui/notice/notices.ts";
import { Popover } from "../../ui/overlay/popover.tsx";
import { settingsTexts } from "../conversation/settings-texts.ts";
import { useAgents } from "./use-catalogue.ts";
import type { Choices } from "./use-choices.ts";

const AgentList = lazyPart(async () => (await import("./agent-list.tsx")).AgentList);

/** Which agent answers, and the choice of another, where there is one. */
export const AgentPicker = ({ choices }: { readonly choices: Choices }) => {
  const agents = useAgents();
  const [isOpen, setIsOpen] = useState(false);
  const current = agents.find(({ id, isDefault }) => (choices.agent === null ? isDefault : id === choices.agent));
  if (agents.length < 2) return null;
  const choose = (agent: string): void => {
    setIsOpen(false);
    choices.change({ agent }).catch((error: unknown) => notify(messageOf(error), { tone: "danger" }));
  };
  return (
    <Popover
      label={settingsTexts.agent}
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      side="top"
      className="w-[360px]"
      trigger={
        <button
          type="button"
          disabled={!choices.mayChange}
          className="flex h-[30px] min-w-0 items-center gap-1.5 rounded-full px-2.5 text-13 font-medium text-text-2 enabled:hover:bg-hover aria-expanded:bg-hover max-wide:h-10"
        >
          <Bot size={16} strokeWidth={1.5} aria-hidden="true" className="shrink-0" />
          <span className="sr-only">{settingsTexts.agent}: </span>
          <span dir="auto" className="max-w-40 truncate max-wide:max-w-24">
            {current?.name ?? choices.agent}
          </span>
        </button>
      }
    >
      <Suspense>
        <AgentList agents={agents} current={current} onChoose={choose} />
      </Suspense>
    </Popover>
  );
};
