import type { MessageView } from "natter/client";
import { memo, useMemo } from "react";
import { Markdown } from "../markdown/markdown.tsx";
import { DataPart } from "./data-part.tsx";
import { FilePart } from "./file-part.tsx";
import { groupParts, type FilePart as FilePartData, type PartGroup } from "./part-groups.ts";
import { Reasoning } from "./reasoning.tsx";
import { Sources } from "./sources.tsx";
import { ToolGroup } from "./tool-group.tsx";

export const Files = ({ parts }: { readonly parts: readonly FilePartData[] }) => (
  <div className="flex flex-wrap gap-1.5">
    {parts.map((part, index) => (
      <FilePart key={index} part={part} />
    ))}
  </div>
);

interface GroupProps {
  readonly messageId: string;
  readonly group: PartGroup;
  readonly isLive: boolean;
  /** The last group of an answer that is being written. */
  readonly isOpen: boolean;
}

const Group = ({ messageId, group, isLive, isOpen }: GroupProps) => {
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
    case "files":
      return <Files parts={group.parts} />;
    case "sources":
      return <Sources parts={group.parts} />;
    case "data":
      return <DataPart part={group.part} />;
  }
};

export interface MessagePartsProps {
  readonly message: MessageView;
  readonly isLive: boolean;
}

/** What an answer consists of, in its order. */
export const MessageParts = memo(({ message: { id, parts }, isLive }: MessagePartsProps) => {
  const groups = useMemo(() => groupParts(parts), [parts]);
  return groups.map((group, index) => (
    <Group
      key={group.key}
      messageId={id}
      group={group}
      isLive={isLive}
      isOpen={isLive && index === groups.length - 1}
    />
  ));
});
