import { useQuery } from "@tanstack/react-query";
import type { Workspace } from "natter/client";
import type { FormEvent } from "react";
import { useNatter } from "../shell/natter-context.ts";
import { useMe } from "../shell/use-me.ts";
import { enterWorkspace } from "../shell/workspace-choice.ts";
import { Button } from "../ui/button/button.tsx";
import { Field } from "../ui/form/field.tsx";
import { QueryState } from "../ui/page/query-state.tsx";
import { PageSection } from "../ui/page/page-section.tsx";
import { Refusal } from "../ui/page/refusal.tsx";
import { peopleTexts } from "./people-texts.ts";
import { useDeed } from "../ui/page/use-deed.ts";

const NewWorkspaceForm = () => {
  const { workspaces } = useNatter();
  const deed = useDeed("workspaces");
  const create = async (name: string): Promise<void> => enterWorkspace((await workspaces.create(name)).id);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget).get("name");
    if (typeof given === "string" && given.trim() !== "") deed.act(() => create(given.trim()));
  };
  return (
    <form onSubmit={submit}>
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <Field
            label={peopleTexts.name}
            hint={peopleTexts.newWorkspaceHint}
            name="name"
            dir="auto"
            required
            maxLength={100}
          />
        </div>
        <Button type="submit" disabled={deed.isBusy} className="mt-[23px]">
          {peopleTexts.create}
        </Button>
      </div>
      <Refusal error={deed.error} />
    </form>
  );
};

const WorkspaceRow = ({ workspace, isCurrent }: { readonly workspace: Workspace; readonly isCurrent: boolean }) => (
  <li className="flex min-h-12 items-center gap-3 border-t border-line first:border-t-0">
    <span className="min-w-0 flex-1 leading-tight">
      <b dir="auto" className="block truncate font-[550]">
        {workspace.name}
      </b>
      <small className="text-12 text-text-3">{peopleTexts.roles[workspace.role]}</small>
    </span>
    {isCurrent ? (
      <span className="text-13 text-accent-ink">{peopleTexts.current}</span>
    ) : (
      <Button aria-label={peopleTexts.open(workspace.name)} onClick={() => enterWorkspace(workspace.id)}>
        {peopleTexts.go}
      </Button>
    )}
  </li>
);

/** The workspaces that one is in, the way to each, and to a new one. */
export const WorkspacesPage = () => {
  const { workspaces } = useNatter();
  const me = useMe();
  const known = useQuery({ queryKey: ["workspaces"], queryFn: () => workspaces.list(), staleTime: 60_000 });
  const all = known.data?.data ?? [];
  const current = all.find(({ id }) => id === me?.workspaceId);
  return (
    <>
      <QueryState of={known} />
      <ul>
        {all.map((workspace) => (
          <WorkspaceRow key={workspace.id} workspace={workspace} isCurrent={workspace.id === current?.id} />
        ))}
      </ul>
      <PageSection title={peopleTexts.newWorkspace}>
        <NewWorkspaceForm />
      </PageSection>
    </>
  );
};
