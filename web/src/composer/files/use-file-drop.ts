import { useEffect, useRef, useState } from "react";

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") === true;

/** Takes files that are dropped anywhere on the page; true while some are held over it. */
export const useFileDrop = (onFiles: (files: Iterable<File>) => void): boolean => {
  const [isOver, setIsOver] = useState(false);
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    const ended = new AbortController();
    const hold = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      // otherwise the browser leaves the page for the file
      event.preventDefault();
      setIsOver(true);
    };
    const drop = (event: DragEvent): void => {
      setIsOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      latest.current(event.dataTransfer?.files ?? []);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    addEventListener("dragover", hold, { signal: ended.signal });
    addEventListener("drop", drop, { signal: ended.signal });
    addEventListener("dragleave", leave, { signal: ended.signal });
    return () => ended.abort();
  }, []);
  return isOver;
};
