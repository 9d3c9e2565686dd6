import { useQuery } from "@tanstack/react-query";
import { ChartColumn, Check, ChevronsUpDown, KeyRound, Plus, Users } from "lucide-react";
import { useLocation } from "wouter";
import { enterWorkspace } from "../shell/workspace-choice.ts";
import { useNatter } from "../shell/natter-context.ts";
import { useMe } from "../shell/use-me.ts";
import type { SettingsPage } from "../settings/conversation/settings-page.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Menu, type MenuAction } from "../ui/overlay/menu.tsx";
import { sidebarTexts } from "./sidebar-texts.ts";

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true, className: "shrink-0" };

/** Who is here and in which workspace; opens the ways to the others. */
export const AccountMenu = ({ onSettings }: { readonly onSettings: (page: SettingsPage) => void }) => {
  const client = useNatter();
  const me = useMe();
  const [, navigate] = useLocation();
  const known = useQuery({ queryKey: ["workspaces"], queryFn: () => client.workspaces.list(), staleTime: 60_000 });
  const workspaces = known.data?.data ?? [];
  const current = workspaces.find(({ id }) => id === me?.workspaceId);
  const name = me?.name ?? sidebarTexts.account;
  const actions: MenuAction[] = [
    ...workspaces.map((workspace) => ({
      id: workspace.id,
      label: workspace.name,
      isChosen: workspace.id === current?.id,
      icon: <Check {...icon} className={workspace.id === current?.id ? "shrink-0" : "invisible shrink-0"} />,
      onSelect: () => workspace.id !== current?.id && enterWorkspace(workspace.id),
    })),
    { label: sidebarTexts.newWorkspace, icon: <Plus {...icon} />, onSelect: () => onSettings("workspaces") },
    { label: sidebarTexts.members, icon: <Users {...icon} />, onSelect: () => onSettings("members") },
    { label: sidebarTexts.keys, icon: <KeyRound {...icon} />, onSelect: () => onSettings("keys") },
    ...(me?.role === "owner" || me?.role === "admin"
      ? [{ label: sidebarTexts.console, icon: <ChartColumn {...icon} />, onSelect: () => navigate("/console") }]
      : []),
  ];
  const role = me === undefined ? "" : sidebarTexts.roles[me.role];
  return (
    <Menu
      actions={actions}
      trigger={
        <button
          type="button"
          className="-ms-1 flex h-[46px] min-w-0 flex-1 items-center gap-2.5 rounded-small px-1 text-start hover:bg-hover aria-expanded:bg-hover"
        >
          <Avatar name={me?.name ?? null} fallback="ME" />
          <span className="min-w-0 flex-1 leading-tight">
            <b dir="auto" className="block truncate font-[550]">
              {name}
            </b>
            <small dir="auto" className="block truncate text-12 text-text-3">
              {workspaces.length > 1 && current !== undefined ? current.name : role}
            </small>
          </span>
          <span className="sr-only">{sidebarTexts.accountMenu}</span>
          <ChevronsUpDown {...icon} size={14} className="shrink-0 text-text-3" />
        </button>
      }
    />
  );
};
