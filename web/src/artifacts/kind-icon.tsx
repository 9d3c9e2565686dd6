import { CodeXml, FileText, Globe, PenTool, type LucideIcon } from "lucide-react";
import type { ArtifactKind } from "natter/client";

const icons = { document: FileText, code: CodeXml, html: Globe, svg: PenTool } satisfies Record<
  ArtifactKind,
  LucideIcon
>;

export const KindIcon = ({ kind, size }: { readonly kind: ArtifactKind; readonly size: number }) => {
  const Icon = icons[kind];
  return <Icon size={size} strokeWidth={1.5} aria-hidden="true" className="shrink-0 text-accent-ink" />;
};
