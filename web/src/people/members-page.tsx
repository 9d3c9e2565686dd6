import { useInfiniteQuery, type InfiniteData } from "@tanstack/react-query";
import type { Member, Page } from "natter/client";
import { useNatter } from "../shell/natter-context.ts";
import { useMe } from "../shell/use-me.ts";
import { Button } from "../ui/button/button.tsx";
import { QueryState } from "../ui/page/query-state.tsx";
import { Invitations } from "./invitations.tsx";
import { MemberRow } from "./member-row.tsx";
import { Refusal } from "../ui/page/refusal.tsx";
import { peopleTexts } from "./people-texts.ts";
import { useDeed } from "../ui/page/use-deed.ts";

/** Who is in this workspace and as what; owners and admins change it here. */
export const MembersPage = () => {
  const { workspaces } = useNatter();
  const me = useMe();
  const deed = useDeed("members", "me");
  const workspaceId = me?.workspaceId ?? "";
  const pages = useInfiniteQuery<
    Page<Member>,
    Error,
    InfiniteData<Page<Member>>,
    readonly string[],
    string | undefined
  >({
    queryKey: ["members"],
    enabled: me !== undefined,
    queryFn: ({ pageParam }) => workspaces.members(workspaceId, { cursor: pageParam }),
    initialPageParam: undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  if (me === undefined) return null;
  const members = pages.data?.pages.flatMap(({ data }) => data) ?? [];
  return (
    <>
      <QueryState of={pages} />
      <ul>
        {members.map((member) => (
          <MemberRow key={member.userId} member={member} me={me} workspaces={workspaces} deed={deed} />
        ))}
      </ul>
      {pages.hasNextPage && <Button onClick={() => void pages.fetchNextPage()}>{peopleTexts.more}</Button>}
      <Refusal error={deed.error} />
      {(me.role === "owner" || me.role === "admin") && <Invitations me={me} />}
    </>
  );
};
