import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { MessageSquare } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { sidebarTexts } from "../../sidebar/sidebar-texts.ts";
import { Dialog } from "../../ui/overlay/dialog.tsx";
import { Keys } from "../../ui/keys.tsx";
import { OptionList, type Option } from "../../ui/list/option-list.tsx";
import { useDelayed } from "../../ui/use-delayed.ts";
import { commandTexts } from "./command-texts.ts";
import type { Command } from "./commands.ts";
import { conversationPath, messagePath } from "../conversation/conversation-path.ts";
import { messageOption } from "../conversation/found-message.tsx";
import { useNatter } from "../natter-context.ts";

const mostFound = 20;
const delayMs = 120;
const longestQuery = 200;

export interface CommandDialogProps {
  readonly commands: readonly Command[];
  readonly onClose: () => void;
}

const commandOption = ({ id, label, icon: Icon, keys }: Command): Option => ({
  id: `command:${id}`,
  group: commandTexts.commands,
  content: (
    <>
      <Icon size={16} strokeWidth={1.5} aria-hidden="true" className="shrink-0" />
      <span className="min-w-0 flex-1 truncate">{label}</span>
      {keys !== undefined && <Keys keys={keys} className="pointer-coarse:hidden" />}
    </>
  ),
});

const conversationOption = (id: string, title: string): Option => ({
  id: `conversation:${id}`,
  group: commandTexts.conversations,
  content: (
    <>
      <MessageSquare size={16} strokeWidth={1.5} aria-hidden="true" className="shrink-0" />
      <span dir="auto" className="min-w-0 flex-1 truncate">
        {title}
      </span>
    </>
  ),
});

/** Searches titles and messages, and offers what can be done. */
export const CommandDialog = ({ commands, onClose }: CommandDialogProps) => {
  const client = useNatter();
  const [, navigate] = useLocation();
  const [query, setQuery] = useState("");
  const asked = useDelayed(query.trim(), delayMs);
  const found = useQuery({
    queryKey: ["conversations", "search", asked],
    queryFn: () => client.conversations.list({ limit: mostFound, q: asked === "" ? undefined : asked }),
    placeholderData: keepPreviousData,
  });
  const said = useQuery({
    queryKey: ["search", asked],
    enabled: asked !== "",
    queryFn: () => client.search(asked.slice(0, longestQuery), { limit: mostFound }),
  });
  const wanted = query.trim().toLowerCase();
  const isWanted = (text: string): boolean => text.toLowerCase().includes(wanted);
  const matching = commands.filter(({ label }) => isWanted(label));
  // until the server has answered, Enter must not open what an earlier query found
  const isStale = found.isPlaceholderData || asked !== query.trim();
  const conversations = (found.data?.data ?? []).filter(({ title }) => !isStale || isWanted(title ?? ""));
  const messages = asked === query.trim() ? (said.data?.data ?? []) : [];
  const acts = matching.map(commandOption);
  const titles = conversations.map(({ id, title }) => conversationOption(id, title ?? sidebarTexts.untitled));
  const options = wanted === "" ? [...acts, ...titles] : [...titles, ...messages.map(messageOption), ...acts];
  const choose = (chosen: string): void => {
    onClose();
    const conversation = conversations.find(({ id }) => chosen === `conversation:${id}`);
    if (conversation !== undefined) navigate(conversationPath(conversation.id));
    const message = messages.find(({ messageId }) => chosen === `message:${messageId}`);
    if (message !== undefined)
      navigate(messagePath(message.conversationId, message.messageId), { state: crypto.randomUUID() });
    commands.find(({ id }) => chosen === `command:${id}`)?.act();
  };
  return (
    <Dialog title={commandTexts.title} isTitleHidden onClose={onClose} className="mt-[12dvh]">
      <OptionList
        label={commandTexts.title}
        placeholder={commandTexts.placeholder}
        query={query}
        onQuery={setQuery}
        options={options}
        nothing={found.isFetching || said.isFetching ? commandTexts.searching : commandTexts.nothing}
        onChoose={choose}
        className="max-h-[min(420px,60dvh)]"
      />
    </Dialog>
  );
};
