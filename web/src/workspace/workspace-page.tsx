import { useQuery } from "@tanstack/react-query";
import type { AgentDescription, Model, Workspace } from "natter/client";
import { useState, type FormEvent } from "react";
import { Refusal } from "../ui/page/refusal.tsx";
import { useDeed } from "../ui/page/use-deed.ts";
import { useNatter } from "../shell/natter-context.ts";
import { Button } from "../ui/button/button.tsx";
import { CheckList } from "../ui/form/check-list.tsx";
import { Field } from "../ui/form/field.tsx";
import { messageOf } from "../ui/message-of.ts";
import { PageState } from "../ui/page/page-state.tsx";
import { SelectField } from "../ui/form/select-field.tsx";
import { Toggle } from "../ui/form/toggle.tsx";
import { changeOf, draftOf, retentionOptions, withGone, type WorkspaceDraft } from "./workspace-draft.ts";
import { useWorkspace } from "./use-workspace.ts";
import { workspaceTexts } from "./workspace-texts.ts";

interface WorkspaceFormProps {
  readonly workspace: Workspace;
  readonly agents: readonly AgentDescription[];
  readonly models: readonly Model[];
}

const asServer = { value: "", label: workspaceTexts.asServer };

interface ModelFieldsProps {
  /** As it is stored. */
  readonly known: Workspace;
  readonly draft: WorkspaceDraft;
  readonly models: readonly Model[];
  readonly onChange: (change: Partial<WorkspaceDraft>) => void;
}

const ModelFields = ({ known, draft, models, onChange }: ModelFieldsProps) => {
  const options = models.map(({ id, name }) => ({ value: id, label: name }));
  const { allowed } = draft;
  const offered = options.filter(({ value }) => value === draft.model || (allowed?.includes(value) ?? true));
  return (
    <>
      <SelectField
        label={workspaceTexts.defaultModel}
        value={draft.model}
        options={[asServer, ...withGone(offered, [draft.model])]}
        onChange={(model) => onChange({ model })}
      />
      <Toggle
        label={workspaceTexts.allowAll}
        description={workspaceTexts.allowAllHint}
        isOn={allowed === null}
        onChange={(isOn) => onChange({ allowed: isOn ? null : options.map(({ value }) => value) })}
      />
      {allowed !== null && (
        <CheckList
          label={workspaceTexts.allowed}
          options={withGone(options, [...(known.allowedModels ?? []), ...allowed])}
          chosen={allowed}
          onChange={(chosen) => onChange({ allowed: chosen, model: chosen.includes(draft.model) ? draft.model : "" })}
        />
      )}
    </>
  );
};

const WorkspaceForm = ({ workspace, agents, models }: WorkspaceFormProps) => {
  const { workspaces } = useNatter();
  const deed = useDeed("workspaces", "models", "agents", "me");
  const [known, setKnown] = useState(workspace);
  const [draft, setDraft] = useState(() => draftOf(workspace));
  const [isSaved, setIsSaved] = useState(false);
  const change = (part: Partial<WorkspaceDraft>): void => {
    setIsSaved(false);
    setDraft({ ...draft, ...part });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    deed.act(async () => {
      const changed = changeOf(known, draft);
      if (changed !== null) setKnown(await workspaces.change(workspace.id, changed));
      setIsSaved(true);
    });
  };
  const isEmpty = draft.allowed?.length === 0;
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <Field
        label={workspaceTexts.name}
        dir="auto"
        required
        maxLength={100}
        value={draft.name}
        onChange={({ target }) => change({ name: target.value })}
      />
      <SelectField
        label={workspaceTexts.defaultAgent}
        value={draft.agent}
        options={[
          asServer,
          ...withGone(
            agents.map(({ id, name }) => ({ value: id, label: name })),
            [draft.agent],
          ),
        ]}
        onChange={(agent) => change({ agent })}
      />
      <ModelFields known={known} draft={draft} models={models} onChange={change} />
      <div>
        <SelectField
          label={workspaceTexts.retention}
          value={draft.retention}
          options={retentionOptions(draft.retention)}
          onChange={(retention) => change({ retention })}
        />
        <p className="mt-1 text-12 text-pretty text-text-3">{workspaceTexts.retentionHint}</p>
      </div>
      <div className="flex items-center gap-3">
        <Button type="submit" look="primary" disabled={deed.isBusy || isEmpty || draft.name.trim() === ""}>
          {workspaceTexts.save}
        </Button>
        <p role="status" className="text-13 text-pretty text-text-3">
          {isEmpty ? workspaceTexts.noneAllowed : isSaved && workspaceTexts.saved}
        </p>
      </div>
      <Refusal error={deed.error} />
    </form>
  );
};

/** What a workspace is called, what answers in it, and how long it keeps conversations. */
export const WorkspacePage = () => {
  const client = useNatter();
  const { workspace, mayChange, ...state } = useWorkspace();
  const agents = useQuery({ queryKey: ["agents"], queryFn: () => client.agents() });
  const models = useQuery({
    queryKey: ["models", "all"],
    enabled: mayChange,
    queryFn: () => client.models({ all: true }),
  });
  const failure = agents.error ?? models.error;
  if (workspace !== undefined && !mayChange)
    return <p className="text-pretty text-text-2">{workspaceTexts.readOnly}</p>;
  if (workspace === undefined || agents.data === undefined || models.data === undefined)
    return (
      <PageState
        isPending
        error={state.error ?? (failure === null ? null : messageOf(failure))}
        onRetry={() => {
          state.retry();
          void agents.refetch();
          void models.refetch();
        }}
      />
    );
  return <WorkspaceForm key={workspace.id} workspace={workspace} agents={agents.data.data} models={models.data.data} />;
};
