import type { AdminUser } from "natter/client";
import { useNatter } from "../../shell/natter-context.ts";
import { formatNumber } from "../../ui/format.ts";
import { consoleTexts } from "../console-texts.ts";
import type { Column } from "../table/data-table.tsx";
import type { Filter } from "../table/filter-bar.tsx";
import { ListPage } from "../table/list-page.tsx";
import { formatExactCost } from "../time/amounts.ts";
import { Time } from "../time/time.tsx";
import { UserDetail } from "../users/user-detail.tsx";
import { Who } from "../who.tsx";

const filters: readonly Filter[] = [
  { name: "text", label: "Name or e-mail" },
  { name: "role", label: "Role", options: ["owner", "admin", "member", "reader"] },
  { name: "suspended", label: "Suspended", options: ["true", "false"] },
];

const columns: readonly Column<AdminUser>[] = [
  { label: "Name", show: ({ id, name, email }) => <Who id={id} name={name ?? email} /> },
  { label: "E-mail", show: ({ email }) => email ?? consoleTexts.none },
  { label: "Role", show: ({ role }) => role },
  {
    label: "Suspended",
    show: ({ isSuspended }) =>
      isSuspended ? <span className="text-danger">{consoleTexts.yes}</span> : consoleTexts.none,
  },
  { label: "Conversations", isNumber: true, show: ({ conversations }) => formatNumber(conversations) },
  { label: "Completions", isNumber: true, show: ({ completions }) => formatNumber(completions) },
  { label: "Model calls", isNumber: true, show: ({ calls }) => formatNumber(calls) },
  { label: "Cost", isNumber: true, show: ({ costMicros }) => formatExactCost(costMicros) },
  { label: "Keys", isNumber: true, show: ({ apiKeys }) => formatNumber(apiKeys) },
  { label: "Last active", show: ({ lastActiveAt }) => <Time at={lastActiveAt} /> },
];

/** Who is in the workspace, and what they have spent. */
export const UsersPage = () => {
  const { admin } = useNatter();
  return (
    <ListPage
      name="users"
      load={admin.users}
      filters={filters}
      columns={columns}
      titleOf={({ id, name, email }) => <Who id={id} name={name ?? email} />}
      detail={(user) => <UserDetail user={user} />}
    />
  );
};
