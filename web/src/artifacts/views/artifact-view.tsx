import type { Artifact, ListedArtifact } from "natter/client";
import { Tabs } from "radix-ui";
import { useState } from "react";
import { languageOf } from "../data/artifact-file.ts";
import { artifactTexts } from "../artifact-texts.ts";
import { ChangesView } from "./changes-view.tsx";
import { OldNote } from "../panel-notes.tsx";
import { PanelNote } from "../panel-note.tsx";
import { Preview } from "./preview.tsx";
import { SourceView } from "./source-view.tsx";
import { VersionSteps } from "./version-steps.tsx";
import { VersionsView } from "./versions-view.tsx";

type ViewName = keyof typeof artifactTexts.viewNames;

const viewsOf = ({ kind }: ListedArtifact): readonly ViewName[] =>
  kind === "code" ? ["source", "changes", "versions"] : ["preview", "source", "changes", "versions"];

const Content = ({ artifact, view }: { readonly artifact: Artifact; readonly view: "preview" | "source" }) => {
  if (artifact.content.trim() === "") return <PanelNote title={artifact.title} text={artifactTexts.emptyContent} />;
  if (view === "preview") return <Preview artifact={artifact} />;
  return (
    <SourceView
      key={artifact.id}
      title={artifact.title}
      text={artifact.content}
      language={languageOf(artifact)}
      isWrapped={artifact.kind === "document"}
    />
  );
};

export interface ArtifactViewProps {
  readonly listed: ListedArtifact;
  readonly artifact: Artifact;
  readonly onVersion: (version: number) => void;
  /** Absent: this person can't. */
  readonly onRestore?: ((version: number) => void) | undefined;
  readonly onRemove?: (() => void) | undefined;
}

/** One artifact: as it is meant to be seen, its text, what a version changed, and all versions. */
export const ArtifactView = ({ listed, artifact, onVersion, onRestore, onRemove }: ArtifactViewProps) => {
  const views = viewsOf(listed);
  const [chosen, setChosen] = useState<ViewName>("preview");
  const view = views.includes(chosen) ? chosen : "source";
  const { id, title, version: newest } = listed;
  const { version } = artifact;
  return (
    <Tabs.Root
      value={view}
      onValueChange={(name) => setChosen(views.find((candidate) => candidate === name) ?? "source")}
      className="flex min-h-0 flex-1 flex-col"
    >
      <div className="flex shrink-0 flex-wrap items-center gap-y-2 pe-3 pb-3 ps-4 max-wide:ps-3">
        <Tabs.List aria-label={artifactTexts.views} className="flex rounded-[8px] bg-hover p-0.5 dark:bg-bg">
          {views.map((name) => (
            <Tabs.Trigger
              key={name}
              value={name}
              className="h-[26px] rounded-small px-2.5 text-13 max-wide:px-1.5 font-[520] text-text-2 data-[state=active]:bg-surface data-[state=active]:text-text data-[state=active]:shadow-[0_1px_2px_oklch(0.2_0.02_120/0.14)] max-wide:h-9 dark:data-[state=active]:bg-hover"
            >
              {artifactTexts.viewNames[name]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <VersionSteps version={version} newest={newest} onVersion={onVersion} />
      </div>
      {version < newest && (
        <OldNote
          version={version}
          onNewest={() => onVersion(newest)}
          onRestore={onRestore === undefined ? undefined : () => onRestore(version)}
        />
      )}
      <Tabs.Content
        value={view}
        tabIndex={-1}
        className="mx-3 mb-3 flex min-h-0 flex-1 flex-col overflow-hidden rounded-medium border border-line bg-surface"
      >
        {(view === "preview" || view === "source") && <Content artifact={artifact} view={view} />}
        {view === "changes" && <ChangesView id={id} title={title} version={version} newest={newest} />}
        {view === "versions" && (
          <VersionsView
            id={id}
            title={title}
            newest={newest}
            shown={version}
            onShow={onVersion}
            onRestore={onRestore}
            onRemove={onRemove}
          />
        )}
      </Tabs.Content>
    </Tabs.Root>
  );
};
