import { ChevronLeft, ChevronRight } from "lucide-react";
import { ActionButton } from "../../ui/button/action-button.tsx";
import { artifactTexts } from "../artifact-texts.ts";

export interface VersionStepsProps {
  readonly version: number;
  readonly newest: number;
  readonly onVersion: (version: number) => void;
}

const icon = { size: 15, strokeWidth: 1.5, "aria-hidden": true, className: "rtl:rotate-180" };

/** `‹ Version 2 of 3 ›` */
export const VersionSteps = ({ version, newest, onVersion }: VersionStepsProps) => (
  <div className="ms-auto flex items-center text-12 whitespace-nowrap text-text-3 tabular-nums">
    <ActionButton
      label={artifactTexts.older}
      icon={<ChevronLeft {...icon} />}
      disabled={version <= 1}
      onClick={() => onVersion(version - 1)}
    />
    <span role="status" className="max-wide:sr-only">
      {artifactTexts.versionOf(version, newest)}
    </span>
    <span aria-hidden="true" className="wide:hidden">
      {version} / {newest}
    </span>
    <ActionButton
      label={artifactTexts.newer}
      icon={<ChevronRight {...icon} />}
      disabled={version >= newest}
      onClick={() => onVersion(version + 1)}
    />
  </div>
);
