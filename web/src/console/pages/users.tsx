import type { AdminUser } from "natter/client";
import { useNatter } from "../../shell/natter-context.ts";
import { formatNumber } from "../../ui/format.ts";
import { formatExactCost, formatTime } from "../amounts.ts";
import { ConsoleLink } from "../console-link.tsx";
import { consoleTexts } from "../console-texts.ts";
import type { Column } from "../data-table.tsx";
import { Facts } from "../facts.tsx";
import type { Filter } from "../filter-bar.tsx";
import { ListPage } from "../list-page.tsx";

const filters: readonly Filter[] = [
  { name: "text", label: "Name or e-mail" },
  { name: "role", label: "Role", options: ["owner", "admin", "member", "reader"] },
  { name: "suspended", label: "Suspended", options: ["true", "false"] },
];

const nameOf = ({ name, email, id }: AdminUser): string => name ?? email ?? id;

const columns: readonly Column<AdminUser>[] = [
  { label: "Name", show: nameOf },
  { label: "Role", show: ({ role }) => role },
  { label: "Suspended", show: ({ isSuspended }) => (isSuspended ? "yes" : consoleTexts.none) },
  { label: "Conversations", isNumber: true, show: ({ conversations }) => formatNumber(conversations) },
  { label: "Model calls", isNumber: true, show: ({ calls }) => formatNumber(calls) },
  { label: "Cost", isNumber: true, show: ({ costMicros }) => formatExactCost(costMicros) },
  { label: "Last active", show: ({ lastActiveAt }) => formatTime(lastActiveAt) },
];

const UserDetail = ({ user }: { readonly user: AdminUser }) => (
  <>
    <Facts
      of={{
        Id: user.id,
        Name: user.name ?? consoleTexts.none,
        "E-mail": user.email ?? consoleTexts.none,
        Role: user.role,
        Suspended: user.isSuspended ? "yes" : "no",
        "Member since": formatTime(user.createdAt),
        "Last active": formatTime(user.lastActiveAt),
        Conversations: formatNumber(user.conversations),
        "Model calls": formatNumber(user.calls),
        Cost: formatExactCost(user.costMicros),
      }}
    />
    <p className="mt-4">
      <ConsoleLink to={`/console/completions?userId=${encodeURIComponent(user.id)}`}>
        {consoleTexts.theirCompletions}
      </ConsoleLink>
    </p>
  </>
);

/** Who is in the workspace, and what they have spent. */
export const UsersPage = () => {
  const { admin } = useNatter();
  return (
    <ListPage
      name="users"
      load={admin.users}
      filters={filters}
      columns={columns}
      titleOf={nameOf}
      detail={(user) => <UserDetail user={user} />}
    />
  );
};
