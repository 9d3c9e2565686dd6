import { useNatter } from "../../shell/natter-context.ts";
import { completionColumns } from "../completion/completion-columns.tsx";
import { CompletionDetail } from "../completion/completion-detail.tsx";
import type { Filter } from "../table/filter-bar.tsx";
import { ListPage } from "../table/list-page.tsx";
import { Time } from "../time/time.tsx";

const filters: readonly Filter[] = [
  { name: "status", label: "Status", options: ["queued", "running", "waiting", "completed", "failed", "cancelled"] },
  { name: "error", label: "Error code" },
  { name: "agent", label: "Agent" },
  { name: "model", label: "Model" },
  { name: "userId", label: "User's id" },
  { name: "conversationId", label: "Conversation's id" },
  { name: "from", label: "From", isDay: true },
  { name: "to", label: "To", isDay: true },
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
      titleOf={({ createdAt, agent }) => (
        <>
          {agent}, <Time at={createdAt} />
        </>
      )}
      detail={({ id }) => <CompletionDetail id={id} />}
    />
  );
};
