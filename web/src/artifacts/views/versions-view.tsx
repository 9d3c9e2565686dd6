import type { ArtifactVersion } from "natter/client";
import { useMe } from "../../shell/use-me.ts";
import { ConfirmButton } from "../../ui/button/confirm-button.tsx";
import { Button } from "../../ui/button/button.tsx";
import { artifactTexts } from "../artifact-texts.ts";
import { formatMoment } from "../../ui/format-date.ts";
import { QueryProblem } from "../query-problem.tsx";
import { useArtifactVersions } from "../data/use-artifacts.ts";

export interface VersionsViewProps {
  readonly id: string;
  readonly title: string;
  readonly newest: number;
  readonly shown: number;
  readonly onShow: (version: number) => void;
  /** Absent: this person can't. */
  readonly onRestore?: ((version: number) => void) | undefined;
  readonly onRemove?: (() => void) | undefined;
}

const writerOf = ({ writtenBy, authorId, authorName }: ArtifactVersion, myId: string | undefined): string => {
  const isMine = authorId !== null && authorId === myId;
  if (writtenBy === "person") return isMine ? artifactTexts.byYou : artifactTexts.byPerson(authorName);
  return `${artifactTexts.byAgent}, ${artifactTexts.forPerson(isMine ? artifactTexts.you : (authorName ?? artifactTexts.somebody))}`;
};

const Mark = ({ text }: { readonly text: string }) => (
  <span className="rounded-full bg-accent-soft px-2 text-11 leading-[18px] font-[550] text-accent-ink">{text}</span>
);

/** Every version: who wrote it, and when; each can be shown, and made the newest again. */
export const VersionsView = ({ id, title, newest, shown, onShow, onRestore, onRemove }: VersionsViewProps) => {
  const versions = useArtifactVersions(id, newest);
  const me = useMe();
  if (versions.data === undefined) return <QueryProblem query={versions} />;
  return (
    <>
      <ol
        tabIndex={0}
        aria-label={`${artifactTexts.versionList}: ${title}`}
        className="min-h-0 flex-1 overflow-y-auto p-1.5 outline-offset-[-3px]"
      >
        {versions.data.map((version) => (
          <li key={version.version} className="flex items-center gap-1 rounded-small hover:bg-hover/60">
            <button
              type="button"
              aria-current={version.version === shown ? "true" : undefined}
              onClick={() => onShow(version.version)}
              className="min-w-0 flex-1 rounded-small px-2.5 py-2 text-start outline-offset-[-2px]"
            >
              <span className="flex items-center gap-2">
                <span className="font-[570] tabular-nums">{version.version}</span>
                <span dir="auto" className="min-w-0 truncate">
                  {version.title}
                </span>
                {version.version === newest && <Mark text={artifactTexts.newest} />}
                {version.version === shown && version.version !== newest && <Mark text={artifactTexts.shown} />}
              </span>
              <span className="block truncate text-12 text-text-3">
                {writerOf(version, me?.userId)} · {formatMoment(version.createdAt)} ·{" "}
                {artifactTexts.characters(version.characters)}
              </span>
            </button>
            {onRestore !== undefined && version.version !== newest && (
              <Button
                look="plain"
                aria-label={artifactTexts.restoreOf(version.version)}
                onClick={() => onRestore(version.version)}
                className="me-1.5 h-[28px] px-2 text-13 max-wide:h-10"
              >
                {artifactTexts.restore}
              </Button>
            )}
          </li>
        ))}
      </ol>
      {onRemove !== undefined && (
        <div className="flex justify-end border-t border-line p-1.5">
          <ConfirmButton
            label={artifactTexts.delete}
            question={artifactTexts.deleteQuestion(title)}
            onConfirm={onRemove}
          />
        </div>
      )}
    </>
  );
};
