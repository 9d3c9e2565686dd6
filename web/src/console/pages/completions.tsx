import { useNatter } from "../../shell/natter-context.ts";
import { formatTime } from "../amounts.ts";
import { CompletionDetail } from "../completion-detail.tsx";
import type { Filter } from "../filter-bar.tsx";
import { ListPage } from "../list-page.tsx";
import { completionColumns } from "./completion-columns.tsx";

const filters: readonly Filter[] = [
  { name: "status", label: "Status", options: ["queued", "running", "waiting", "completed", "failed", "cancelled"] },
  { name: "userId", label: "User's id" },
  { name: "conversationId", label: "Conversation" },
  { name: "agent", label: "Agent" },
  { name: "model", label: "Model" },
  { name: "from", label: "From (UTC)", isDay: true },
  { name: "to", label: "To (UTC)", isDay: true },
];

/** Every answer of the workspace: how it went, and what it cost. */
export const CompletionsPage = () => {
  const { admin } = useNatter();
  return (
    <ListPage
      name="completions"
      load={admin.completions}
      filters={filters}
      columns={completionColumns}
      titleOf={({ createdAt, agent }) => `${agent}, ${formatTime(createdAt)}`}
      detail={({ id }) => <CompletionDetail id={id} />}
      detailById={(id) => <CompletionDetail id={id} />}
    />
  );
};
