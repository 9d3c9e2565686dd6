import type { MessageView } from "natter/client";
import { memo, Suspense, useMemo } from "react";
import { lazyPart } from "../../ui/lazy-part.ts";
import { Markdown } from "../../markdown/markdown.tsx";
import { DataPart } from "./data-part.tsx";
import { FilePart } from "./file-part.tsx";
import { groupParts, type FilePart as FilePartData, type PartGroup, type ToolPart } from "./part-groups.ts";
import { Reasoning } from "../answer/reasoning.tsx";
import { Sources } from "../answer/sources.tsx";
import { useThread } from "../thread-context.ts";
import { ResultDivider } from "../tools/result-divider.tsx";
import { ToolGroup } from "../tools/tool-group.tsx";
import { toolName } from "../tools/tool-summary.ts";

const ApprovalCard = lazyPart(async () => (await import("../questions/approval-card.tsx")).ApprovalCard);
const MapPart = lazyPart(async () => (await import("../map/map-part.tsx")).MapPart);
const ArtifactCard = lazyPart(async () => (await import("../../artifacts/card/artifact-card.tsx")).ArtifactCard);
const WritingCard = lazyPart(async () => (await import("../../artifacts/card/writing-card.tsx")).WritingCard);
const ClientForm = lazyPart(async () => (await import("../form/client-form.tsx")).ClientForm);

export const Files = ({ parts }: { readonly parts: readonly FilePartData[] }) => (
  <div className="flex flex-wrap gap-1.5">
    {parts.map((part, index) => (
      <FilePart key={index} part={part} />
    ))}
  </div>
);

interface GroupProps {
  readonly messageId: string;
  /** The agent that answers. */
  readonly agentId: string | null;
  readonly group: PartGroup;
  readonly isLive: boolean;
  /** The last group of an answer that is being written. */
  readonly isOpen: boolean;
}

const Group = ({ messageId, agentId, group, isLive, isOpen }: GroupProps) => {
  switch (group.kind) {
    case "text":
      return (
        <div {...(isOpen ? { "data-caret": "" } : {})}>
          <Markdown text={group.part.text} isStreaming={isOpen} />
        </div>
      );
    case "reasoning":
      return <Reasoning id={`${messageId}:${group.key}`} parts={group.parts} isRunning={isOpen} />;
    case "tools":
      return <ToolGroup parts={group.parts} isLive={isLive} />;
    case "approval":
      return isLive ? (
        <Suspense>
          <ApprovalCard part={group.part} agentId={agentId} />
        </Suspense>
      ) : (
        <ToolGroup parts={[group.part]} isLive={false} />
      );
    case "form":
      return (
        <Suspense>
          <ClientForm part={group.part} agentId={agentId} />
        </Suspense>
      );
    case "files":
      return <Files parts={group.parts} />;
    case "sources":
      return <Sources parts={group.parts} />;
    case "result":
      return <ResultDivider part={group.part} />;
    case "map":
      return (
        <Suspense>
          <MapPart part={group.part} />
        </Suspense>
      );
    case "artifact":
      return (
        <Suspense>
          <ArtifactCard artifact={group.artifact} />
        </Suspense>
      );
    case "writing":
      return (
        <Suspense>
          <WritingCard part={group.part} isLive={isLive} />
        </Suspense>
      );
    case "data":
      return <DataPart part={group.part} />;
  }
};

export interface MessagePartsProps {
  readonly message: MessageView;
  readonly isLive: boolean;
}

/** What an answer consists of, in its order. */
export const MessageParts = memo(({ message: { id, parts, completion }, isLive }: MessagePartsProps) => {
  const { toolOf } = useThread();
  const agentId = completion?.agent ?? null;
  const groups = useMemo(() => {
    const isForm = (part: ToolPart): boolean =>
      isLive && part.state === "input-available" && toolOf(agentId, toolName(part))?.kind === "client";
    return groupParts(parts, isForm);
  }, [parts, isLive, agentId, toolOf]);
  return groups.map((group, index) => (
    <Group
      key={group.key}
      messageId={id}
      agentId={agentId}
      group={group}
      isLive={isLive}
      isOpen={isLive && index === groups.length - 1}
    />
  ));
});
