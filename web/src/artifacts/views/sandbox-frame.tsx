import { useEffect, useRef } from "react";
import { basePath } from "../../shell/base-path.ts";

export interface SandboxFrameProps {
  readonly title: string;
  readonly html: string;
}

const isReady = (data: unknown): boolean =>
  typeof data === "object" && data !== null && "type" in data && data.type === "natter-artifact-frame";

/**
 * A page that somebody or something wrote, where it can run but reach nothing: it is of no origin, and all that it says is
 * left unheard but that it is there. It gets its content once; another content is another frame.
 */
export const SandboxFrame = ({ title, html }: SandboxFrameProps) => {
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const hear = ({ source, data }: MessageEvent<unknown>): void => {
      const shown = frame.current?.contentWindow ?? null;
      if (shown === null || source !== shown || !isReady(data)) return;
      removeEventListener("message", hear);
      // it is of no origin, so there is none to name; its source says that it is ours
      shown.postMessage({ type: "natter-artifact", html }, "*");
    };
    addEventListener("message", hear);
    return () => removeEventListener("message", hear);
  }, [html]);
  return (
    <iframe
      ref={frame}
      title={title}
      sandbox="allow-scripts"
      referrerPolicy="no-referrer"
      src={`${basePath}/artifact-frame`}
      className="size-full border-0 bg-white"
    />
  );
};
