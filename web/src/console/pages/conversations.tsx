import type { AdminConversation } from "natter/client";
import { useNatter } from "../../shell/natter-context.ts";
import { formatNumber } from "../../ui/format.ts";
import { Time } from "../time/time.tsx";
import { Who } from "../who.tsx";
import { ConsoleLink } from "../console-link.tsx";
import { consoleTexts } from "../console-texts.ts";
import type { Column } from "../table/data-table.tsx";
import { Facts } from "../table/facts.tsx";
import type { Filter } from "../table/filter-bar.tsx";
import { ListPage } from "../table/list-page.tsx";

const filters: readonly Filter[] = [
  { name: "ownerId", label: "Owner's id" },
  { name: "status", label: "Status", options: ["active", "completed", "archived"] },
  { name: "visibility", label: "Visibility", options: ["private", "workspace"] },
  { name: "deleted", label: "Deleted", options: ["true", "false"] },
  { name: "from", label: "From", isDay: true },
  { name: "to", label: "To", isDay: true },
];

const titleOf = ({ isReadable, title, id }: AdminConversation): string =>
  isReadable ? (title ?? id) : consoleTexts.hidden;

const columns: readonly Column<AdminConversation>[] = [
  { label: "Title", show: titleOf },
  { label: "Owner", show: ({ ownerName, ownerId }) => <Who id={ownerId} name={ownerName} /> },
  { label: "Status", show: ({ status, deletedAt }) => (deletedAt === null ? status : "deleted") },
  { label: "Visibility", show: ({ visibility }) => visibility },
  { label: "Agent", show: ({ agent }) => agent },
  { label: "Messages", isNumber: true, show: ({ messageCount }) => formatNumber(messageCount) },
  { label: "Created", show: ({ createdAt }) => <Time at={createdAt} /> },
  { label: "Changed", show: ({ updatedAt }) => <Time at={updatedAt} /> },
];

const ConversationDetail = ({ conversation }: { readonly conversation: AdminConversation }) => (
  <>
    <Facts
      of={{
        Id: conversation.id,
        Owner: <Who id={conversation.ownerId} name={conversation.ownerName} />,
        Status: conversation.status,
        Visibility: conversation.visibility,
        Agent: conversation.agent,
        Model: conversation.model ?? consoleTexts.none,
        Messages: formatNumber(conversation.messageCount),
        Created: <Time at={conversation.createdAt} />,
        Changed: <Time at={conversation.updatedAt} />,
        Deleted: <Time at={conversation.deletedAt} />,
      }}
    />
    <p className="mt-4 flex flex-wrap gap-4">
      <ConsoleLink to={`/console/completions?conversationId=${encodeURIComponent(conversation.id)}`}>
        {consoleTexts.itsCompletions}
      </ConsoleLink>
      <ConsoleLink to={`/console/users?row=${encodeURIComponent(conversation.ownerId)}`}>
        {consoleTexts.theOwner}
      </ConsoleLink>
      {conversation.isReadable && <ConsoleLink to={`/c/${conversation.id}`}>{consoleTexts.open}</ConsoleLink>}
    </p>
    {!conversation.isReadable && <p className="mt-4 text-13 text-text-3">{consoleTexts.hiddenHint}</p>}
  </>
);

/** Everybody's conversations, without what was said in them. */
export const ConversationsPage = () => {
  const { admin } = useNatter();
  return (
    <ListPage
      name="conversations"
      load={admin.conversations}
      filters={filters}
      columns={columns}
      titleOf={titleOf}
      detail={(conversation) => <ConversationDetail conversation={conversation} />}
    />
  );
};
