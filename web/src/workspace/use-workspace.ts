import { useQuery } from "@tanstack/react-query";
import type { Workspace } from "natter/client";
import { useNatter } from "../shell/natter-context.ts";
import { useMe } from "../shell/use-me.ts";
import { messageOf } from "../ui/message-of.ts";

/** The workspace of this page, as far as it is known. */
export interface KnownWorkspace {
  readonly workspace: Workspace | undefined;
  readonly mayChange: boolean;
  readonly isPending: boolean;
  readonly error: string | null;
  readonly retry: () => void;
}

export const useWorkspace = (): KnownWorkspace => {
  const { workspaces } = useNatter();
  const me = useMe();
  const known = useQuery({ queryKey: ["workspaces"], queryFn: () => workspaces.list(), staleTime: 60_000 });
  const workspace = known.data?.data.find(({ id }) => id === me?.workspaceId);
  return {
    workspace,
    mayChange: workspace?.role === "owner" || workspace?.role === "admin",
    isPending: known.isPending || me === undefined,
    error: known.error === null ? null : messageOf(known.error),
    retry: () => void known.refetch(),
  };
};
