import { PanelNote } from "./panel-note.tsx";
import { artifactTexts } from "./artifact-texts.ts";

export interface ChangesViewProps {
  readonly id: string;
  readonly title: string;
  readonly version: number;
}

/** What a version changed. */
export const ChangesView = ({ title, version }: ChangesViewProps) =>
  version === 1 ? <PanelNote title={title} text={artifactTexts.firstVersion} /> : null;
