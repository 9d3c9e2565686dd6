import { RotateCw } from "lucide-react";
import type { Artifact } from "natter/client";
import { useState } from "react";
import { Markdown } from "../../markdown/markdown.tsx";
import { ActionButton } from "../../ui/button/action-button.tsx";
import { artifactTexts } from "../artifact-texts.ts";
import "./paper.css";
import { SandboxFrame } from "./sandbox-frame.tsx";
import { useGrowingText } from "./use-growing-text.ts";

/** Drawings are seldom made for a dark ground: they get paper, and as much of it as there is. */
const drawingPage = (svg: string): string =>
  `<!doctype html><meta charset="utf-8"><style>html,body{height:100%;margin:0}body{display:grid;place-items:center;padding:24px;box-sizing:border-box;background:#fff;color:#1c1f19}svg{max-width:100%;max-height:100%}svg:not([width]){width:100%}</style>${svg}`;

const Active = ({ artifact }: { readonly artifact: Artifact }) => {
  const [run, setRun] = useState(0);
  const html = artifact.kind === "svg" ? drawingPage(artifact.content) : artifact.content;
  return (
    <div className="relative min-h-0 flex-1">
      <SandboxFrame
        key={`${artifact.id}:${artifact.version}:${run}`}
        title={artifactTexts.frame(artifact.title)}
        html={html}
      />
      <ActionButton
        label={artifactTexts.runAgain}
        icon={<RotateCw size={15} strokeWidth={1.5} />}
        onClick={() => setRun(run + 1)}
        className="absolute end-2 bottom-2 border border-line bg-surface shadow-float"
      />
    </div>
  );
};

const Document = ({ artifact }: { readonly artifact: Artifact }) => {
  const { text, isWhole } = useGrowingText(artifact.content);
  return (
    <div
      dir="auto"
      role="group"
      tabIndex={0}
      aria-label={artifactTexts.frame(artifact.title)}
      className="artifact-paper min-h-0 flex-1 overflow-y-auto px-[38px] py-[34px] outline-offset-[-3px] max-wide:px-5 max-wide:py-6"
    >
      <Markdown key={`${artifact.id}:${artifact.version}`} text={text} isStreaming={!isWhole} />
    </div>
  );
};

/** An artifact as it is meant to be seen. What can run does so in a frame that can reach nothing. */
export const Preview = ({ artifact }: { readonly artifact: Artifact }) =>
  artifact.kind === "document" ? <Document artifact={artifact} /> : <Active artifact={artifact} />;
