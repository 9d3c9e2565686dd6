import { Check, Copy, Download, Files, PencilLine, X } from "lucide-react";
import type { Artifact, ArtifactKind } from "natter/client";
import { useEffect, useState } from "react";
import { saveFile } from "../ui/save-file.ts";
import { copyText } from "../ui/copy/copy-text.ts";
import { IconButton } from "../ui/button/icon-button.tsx";
import { fileNameOf, fileOf } from "./data/artifact-file.ts";
import { artifactTexts } from "./artifact-texts.ts";
import { KindIcon } from "./kind-icon.tsx";

export interface PanelHeaderProps {
  /** Null: the list of all. */
  readonly titled: { readonly kind: ArtifactKind; readonly title: string } | null;
  /** Undefined: it is not there (yet). */
  readonly artifact?: Artifact | undefined;
  /** Absent: it can't be edited now, or not by this person. */
  readonly onEdit?: (() => void) | undefined;
  readonly onList: () => void;
  readonly onClose: () => void;
}

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true };

const CopySource = ({ text }: { readonly text: string }) => {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <IconButton
      label={isCopied ? artifactTexts.copied : artifactTexts.copy}
      icon={isCopied ? <Check {...icon} /> : <Copy {...icon} />}
      onClick={() => void copyText(text).then(setIsCopied)}
    />
  );
};

/** What the panel shows, and what can be done with all of it. */
export const PanelHeader = ({ titled, artifact, onEdit, onList, onClose }: PanelHeaderProps) => (
  <header className="flex h-14 shrink-0 items-center gap-1 pe-3 ps-4 max-wide:px-2">
    {titled === null ? (
      <Files {...icon} size={17} className="me-2 shrink-0 text-accent-ink max-wide:ms-2" />
    ) : (
      <span className="me-2 max-wide:ms-2">
        <KindIcon kind={titled.kind} size={17} />
      </span>
    )}
    <h2 dir="auto" className="min-w-0 flex-1 truncate text-14 font-semibold">
      {titled?.title ?? artifactTexts.list}
    </h2>
    {onEdit !== undefined && <IconButton label={artifactTexts.edit} icon={<PencilLine {...icon} />} onClick={onEdit} />}
    {artifact !== undefined && (
      <>
        <CopySource text={artifact.content} />
        <IconButton
          label={artifactTexts.download}
          icon={<Download {...icon} />}
          onClick={() => saveFile(fileOf(artifact.content), fileNameOf(artifact))}
        />
      </>
    )}
    {titled !== null && <IconButton label={artifactTexts.all} icon={<Files {...icon} />} onClick={onList} />}
    <IconButton label={artifactTexts.close} icon={<X {...icon} />} onClick={onClose} />
  </header>
);
