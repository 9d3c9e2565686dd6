import { ImageOff } from "lucide-react";
import { inWorkspace } from "../shell/workspace-choice.ts";
import type { ImageSource } from "./text/safe-address.ts";

type PictureProps = Readonly<{ source: ImageSource; description: string; isLinked: boolean }>;

/** An image. One of another host is never fetched: it is a card that leads there. */
export const Picture = ({ source, description, isLinked }: PictureProps) => {
  if (source.kind === "shown") {
    return <img src={inWorkspace(source.address)} alt={description} loading="lazy" decoding="async" />;
  }
  if (source.kind === "refused" || isLinked) return <span>{description || "image"}</span>;
  return (
    <a
      className="md-picture"
      href={source.address}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={source.address}
    >
      <ImageOff size={16} strokeWidth={1.5} aria-hidden />
      {description && <span>{description}</span>}
      <small>
        Image from <bdi>{source.host}</bdi> — open
      </small>
    </a>
  );
};
